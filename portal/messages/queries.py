"""Reads messages: what is due, and what pages show."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.messages.models import Message
from portal.messages.rules import MessageState


def has_due(session: Session, channel: str) -> bool:
    """Whether any message of the channel waits for a worker now, by the clock of the database."""
    waiting = (Message.channel == channel, Message.state == MessageState.QUEUED, Message.due_at <= func.now())
    return bool(session.execute(select(exists().where(*waiting))).scalar())
