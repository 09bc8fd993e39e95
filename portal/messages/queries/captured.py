"""What simulation caught instead of sending it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.clients.models import Client, ContactPoint
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.messages.models import CapturedEmail, Message


@dataclass(frozen=True, slots=True)
class Caught:
    """One caught email with whom it was for and what it was made of."""

    email: CapturedEmail
    message: Message
    client: Client
    point: ContactPoint
    template: str


def list_captured(
    session: Session, *, below: uuid.UUID | None = None, above: uuid.UUID | None = None, limit: int
) -> list[Caught]:
    """Caught emails, the newest first, below or above an id."""
    query = _caught().limit(limit)
    if above is not None:
        rows = session.execute(query.where(CapturedEmail.id > above).order_by(CapturedEmail.id))
        return [Caught(*row) for row in rows][::-1]
    if below is not None:
        query = query.where(CapturedEmail.id < below)
    return [Caught(*row) for row in session.execute(query.order_by(CapturedEmail.id.desc()))]


def find_captured(session: Session, captured_id: uuid.UUID) -> Caught | None:
    """One caught email."""
    found = session.execute(_caught().where(CapturedEmail.id == captured_id)).first()
    return Caught(*found) if found else None


def captured_of(session: Session, message_id: uuid.UUID) -> uuid.UUID | None:
    """The caught email of a message, if there is one."""
    return session.scalar(select(CapturedEmail.id).where(CapturedEmail.message_id == message_id))


def _caught() -> Select[CapturedEmail, Message, Client, ContactPoint, str]:
    return (
        select(CapturedEmail, Message, Client, ContactPoint, MessageTemplate.name)
        .join(Message, Message.id == CapturedEmail.message_id)
        .join(Client, Client.id == Message.client_id)
        .join(ContactPoint, ContactPoint.id == Message.contact_point_id)
        .join(MessageTemplateVersion, MessageTemplateVersion.id == Message.version_id)
        .join(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
    )
