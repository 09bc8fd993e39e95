"""What a person who writes a message can choose from, and what the gate is asked before it is ordered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.clients.models import ContactPoint
from portal.consent.models import Topic
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.db import utc_now
from portal.gate.queries import Subject
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.settings.queries import value
from portal.settings.rules.sending import DEADLINE

NOTHING = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sendable:
    """An approved version that can be sent, with its template and topic."""

    version: MessageTemplateVersion
    template: MessageTemplate
    topic: Topic


def list_sendable(session: Session) -> list[Sendable]:
    """Every approved version of a template in use, by its name; not the answers that the portal alone sends."""
    query = _approved().order_by(func.lower(MessageTemplate.name), MessageTemplate.id)
    return [Sendable(*row) for row in session.execute(query)]


def find_sendable(session: Session, version_id: uuid.UUID) -> Sendable | None:
    """One of them."""
    found = session.execute(_approved().where(MessageTemplateVersion.id == version_id)).first()
    return Sendable(*found) if found else None


def address_of(session: Session, client_id: uuid.UUID, channel: str) -> ContactPoint | None:
    """The address of the client that a new message would go to: one that works, else any."""
    points: Sequence[ContactPoint] = session.scalars(
        select(ContactPoint)
        .where(ContactPoint.client_id == client_id, ContactPoint.channel == channel)
        .order_by(ContactPoint.state == "usable", ContactPoint.id.desc())
    ).all()
    return points[-1] if points else None


def subject_for(
    client_id: uuid.UUID,
    point: ContactPoint | None,
    topic_id: uuid.UUID,
    version: MessageTemplateVersion | None,
    channel: str = "email",
    key: uuid.UUID | None = None,
) -> Subject:
    """A message that is not ordered yet, as the gate sees it; a missing address or text counts against it."""
    return Subject(
        key=key or topic_id,
        client_id=client_id,
        contact_point_id=point.id if point else NOTHING,
        topic_id=topic_id,
        channel=channel,
        version_id=version.id if version else NOTHING,
        text_hash=version.content_hash if version else "",
        deadline=utc_now() + value(DEADLINE),
    )


def _approved() -> Select[MessageTemplateVersion, MessageTemplate, Topic]:
    return (
        select(MessageTemplateVersion, MessageTemplate, Topic)
        .join(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
        .join(Topic, Topic.id == MessageTemplate.topic_id)
        .where(MessageTemplateVersion.state == "approved", MessageTemplate.state == "active")
        .where(Topic.id != SYSTEM_LINKS)
    )
