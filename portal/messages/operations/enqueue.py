"""Orders a message: its row is written with the act that wants it, and a worker is woken after the commit."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.clients.models import ContactPoint
from portal.consent.models import Topic
from portal.db import db, new_id, utc_now
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.messages.events import MessageAction
from portal.messages.models import Message
from portal.messages.queries.hand_overs import MARKETING_RANK
from portal.messages.rules import MessageError
from portal.settings.queries import value
from portal.settings.rules.sending import DEADLINE
from portal.web.actor import Actor

CLASS_RANKS = {"marketing": MARKETING_RANK}


class NoAddress(MessageError):
    """The client has no address on the channel of the message."""


class NoSuchVersion(MessageError):
    """The version does not exist or is not approved, so nothing can be sent with it."""


@dataclass(frozen=True, slots=True)
class Order:
    """
    What is to be sent to whom. The key makes a repeated order one message, for example a form sent twice.

    Without a contact point it goes to the client's newest address that works.
    """

    client_id: uuid.UUID
    version_id: uuid.UUID
    fields: Mapping[str, Any]
    channel: str = "email"
    idempotency_key: str | None = None
    contact_point_id: uuid.UUID | None = None


def queue_message(order: Order, actor: Actor) -> uuid.UUID:
    """The id of the message that will be sent. Whether it may leave is decided by the gate when a worker takes it."""
    session = db.session()
    point = _contact_point(session, order)
    version, topic = _version(session, order)
    row = Message(
        client_id=order.client_id,
        contact_point_id=point.id,
        topic_id=topic.id,
        version_id=version.id,
        text_hash=version.content_hash,
        channel=order.channel,
        class_rank=CLASS_RANKS.get(topic.topic_class, 0),
        expires_at=utc_now() + value(DEADLINE),
        idempotency_key=order.idempotency_key or str(new_id()),
    )
    row.fields = json.dumps(dict(order.fields), sort_keys=True)
    return _insert_once(session, row, actor)


def _insert_once(session: Session, row: Message, actor: Actor) -> uuid.UUID:
    known = select(Message.id).where(Message.idempotency_key == row.idempotency_key)
    if (same := session.scalar(known)) is not None:
        return same
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # The same order arrived at the same moment; the other one made the message.
        return session.execute(known).scalar_one()
    record(MessageAction.QUEUE, actor, object_type="message", object_id=str(row.id), subject_ref=row.client_id)
    return row.id


def _contact_point(session: Session, order: Order) -> ContactPoint:
    theirs = select(ContactPoint).where(
        ContactPoint.client_id == order.client_id, ContactPoint.channel == order.channel
    )
    if order.contact_point_id is not None:
        theirs = theirs.where(ContactPoint.id == order.contact_point_id)
    found = session.scalars(theirs.order_by(ContactPoint.state == "usable", ContactPoint.id.desc())).all()
    if not found:
        raise NoAddress(f"The client has no address for {order.channel}.")
    return found[-1]


def _version(session: Session, order: Order) -> tuple[MessageTemplateVersion, Topic]:
    found = session.execute(
        select(MessageTemplateVersion, Topic)
        .join(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
        .join(Topic, Topic.id == MessageTemplate.topic_id)
        .where(MessageTemplateVersion.id == order.version_id, MessageTemplateVersion.state == "approved")
    ).first()
    if found is None:
        raise NoSuchVersion("Only an approved version can be sent.")
    return found[0], found[1]
