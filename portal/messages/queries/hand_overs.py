"""What clients got lately of marketing, for the caps of the gate."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.gate.rules import HandOver
from portal.messages.models import Message

MARKETING_RANK = 1


def list_hand_overs(session: Session, since: Mapping[uuid.UUID, datetime]) -> list[HandOver]:
    """The marketing messages handed over to these clients, each client's since a moment of its own."""
    query = select(Message.id, Message.client_id, Message.topic_id, Message.channel, Message.handed_at).where(
        Message.client_id.in_(since),
        Message.class_rank == MARKETING_RANK,
        Message.handed_at > min(since.values()),
    )
    rows = session.execute(query.order_by(Message.id))
    return [HandOver(key, of, topic, channel, at) for key, of, topic, channel, at in rows if at and at > since[of]]
