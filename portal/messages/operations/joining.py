"""Gives the messages of a client who turned out to be another one to the client who is kept."""

import uuid

from sqlalchemy import update

from portal.audit.operations import record
from portal.db import db
from portal.messages.events import MessageAction
from portal.messages.models import Message
from portal.web.actor import Actor


def move_messages(kept_id: uuid.UUID, gone_id: uuid.UUID, actor: Actor) -> list[str]:
    """
    Moves every message, sent or waiting, and says how many.

    A message that waits meets the gate again before it leaves, so what the kept client forbids stops it too.
    """
    moved = update(Message).where(Message.client_id == gone_id).values(client_id=kept_id).returning(Message.id)
    number = len(db.session.scalars(moved).all())
    if number:
        reason = f"{number} messages of a merged client"
        record(MessageAction.MOVE, actor, object_type="client", object_id=kept_id, subject_ref=kept_id, reason=reason)
    return [f"{number:,} message{'' if number == 1 else 's'} moved"]
