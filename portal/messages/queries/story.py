"""Everything the page of one message tells."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.queries import Filter, list_entries
from portal.clients.models import Client, ContactPoint
from portal.consent.models import Topic
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.messages.events import MessageAction
from portal.messages.models import GateDecision, Message, MessageAttempt, MessageState
from portal.messages.rules import FINAL, IN_FLIGHT

SOON = timedelta(minutes=1)
DECISIONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Story:
    """One message with what belongs to it."""

    message: Message
    client: Client
    point: ContactPoint
    topic: Topic
    template: MessageTemplate
    version: MessageTemplateVersion
    attempts: Sequence[MessageAttempt]
    decisions: Sequence[GateDecision]

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.message.state in FINAL or self.message.state == MessageState.UNCERTAIN

    def next_look(self, now: datetime) -> int:
        """In how many seconds it is worth looking again; 0 when nothing changes any more."""
        if self.is_over:
            return 0
        return 2 if self.message.state in IN_FLIGHT or self.message.due_at <= now + SOON else 30


def find_story(session: Session, message_id: uuid.UUID) -> Story | None:
    """The message with everything around it, or None."""
    query = (
        select(Message, Client, ContactPoint, Topic, MessageTemplate, MessageTemplateVersion)
        .join(Client, Client.id == Message.client_id)
        .join(ContactPoint, ContactPoint.id == Message.contact_point_id)
        .join(Topic, Topic.id == Message.topic_id)
        .join(MessageTemplateVersion, MessageTemplateVersion.id == Message.version_id)
        .join(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
    )
    found = session.execute(query.where(Message.id == message_id)).first()
    if found is None:
        return None
    tries = select(MessageAttempt).where(MessageAttempt.message_id == message_id).order_by(MessageAttempt.id)
    return Story(*found, attempts=session.scalars(tries).all(), decisions=list_decisions(session, message_id))


def list_decisions(session: Session, message_id: uuid.UUID) -> Sequence[GateDecision]:
    """What the gate answered to the message each time a worker held it, the newest first, at most DECISIONS_SHOWN."""
    mine = select(GateDecision).where(GateDecision.message_id == message_id)
    newest = mine.order_by(GateDecision.at.desc(), GateDecision.id.desc()).limit(DECISIONS_SHOWN)
    return session.scalars(newest).all()


def ordered_by(session: Session, message_id: uuid.UUID) -> str:
    """Who ordered the message, as the audit log has it."""
    entries = list_entries(session, Filter(action=MessageAction.QUEUE, thing=str(message_id)), limit=1)
    return entries[0].actor_label if entries else ""
