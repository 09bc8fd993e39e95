"""What is due, asked by the ticker and by workers; and everything about one client, for an export."""

import uuid
from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.messages.models import Message, MessageState


def has_due(session: Session, channel: str) -> bool:
    """Whether any message of the channel waits for a worker now, by the clock of the database."""
    waiting = (Message.channel == channel, Message.state == MessageState.QUEUED, Message.due_at <= func.now())
    return bool(session.execute(select(exists().where(*waiting))).scalar())


def list_messages_of(client_id: uuid.UUID) -> Sequence[Message]:
    """All messages to one client, the oldest first."""
    return db.session.scalars(select(Message).where(Message.client_id == client_id).order_by(Message.id)).all()
