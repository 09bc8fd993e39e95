"""Everything that emails need, made by operations: clients who agreed, a topic with its wording, an approved text."""

import uuid
from dataclasses import dataclass

from portal.clients.models import ContactPoint
from portal.clients.operations import add_client
from portal.consent.models import LegalBasis, Method, TopicClass
from portal.consent.operations.ledger import record_consent, withdraw
from portal.consent.operations.topics import add_wording, make_topic
from portal.db import db, utc_now
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.message_templates.rules import content_hash
from portal.messages.operations.enqueue import Order, queue_message
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.fixtures.clock import midday_zone

SUBJECT = "Doors open for {{ event_name }}"
BODY = "Dear {{ first_name }},\n\nwe look forward to **{{ event_name }}**."


@dataclass
class Ready:
    """One topic and one approved text, to which a test adds clients and messages."""

    topic_id: uuid.UUID
    wording_id: uuid.UUID
    version_id: uuid.UUID

    def client(self, number: int = 0, *, agreed: bool = True) -> uuid.UUID:
        """A client with an address of its own, who has agreed unless told otherwise."""
        client = add_client(f"Ana Silva{number}", f"ana{number}@mail.example", "en", midday_zone(), SYSTEM)
        if agreed:
            self.agree(client.id)
        return client.id

    def agree(self, client_id: uuid.UUID) -> None:
        record_consent(client_id, self.topic_id, "email", self.wording_id, Method.STAFF, "form 12", SYSTEM)

    def withdraw(self, client_id: uuid.UUID) -> None:
        withdraw(client_id, self.topic_id, "email", Method.STAFF, SYSTEM)

    def message(self, client_id: uuid.UUID, **fields: str) -> uuid.UUID:
        order = Order(client_id, self.version_id, {"event_name": "Harbour Gala", **fields})
        return queue_message(order, SYSTEM)

    def messages(self, count: int) -> list[uuid.UUID]:
        """That many messages to as many clients."""
        return [self.message(self.client(number)) for number in range(count)]


def point_of(client_id: uuid.UUID) -> ContactPoint:
    """The address of a client."""
    return db.session.execute(select(ContactPoint).where(ContactPoint.client_id == client_id)).scalar_one()


def make_ready() -> Ready:
    """Makes the topic and the text, in an application context; the caller commits."""
    topic = make_topic("News", TopicClass.MARKETING, LegalBasis.CONSENT, SYSTEM)
    wording = add_wording(topic.id, "en", "I want to get news by email.", SYSTEM)
    people = {"created_by": "Ines Duarte", "edited_by": "Ines Duarte"}
    template = MessageTemplate(id=uuid.uuid4(), key="gala", name="Gala", topic_id=topic.id, created_by="Ines Duarte")
    version = MessageTemplateVersion(
        id=uuid.uuid4(),
        template_id=template.id,
        number=1,
        subject=SUBJECT,
        body=BODY,
        content_hash=content_hash(SUBJECT, BODY),
        **people,
    )
    db.session.add_all([template, version])
    db.session.flush()
    version.state, version.approved_by, version.approved_at = "approved", "Mara Kessler", utc_now()
    db.session.flush()
    return Ready(topic.id, wording.id, version.id)
