"""Everything that emails need, made by operations: clients who agreed, a topic with its wording, an approved text."""

import uuid
from dataclasses import dataclass

from portal.clients.models import Client, ContactPoint
from portal.clients.operations import add_client
from portal.consent.models import Method
from portal.consent.operations import add_wording, make_topic, record_consent, withdraw
from portal.db import db, transaction
from portal.message_templates.operations import approve, make_template, save_draft
from portal.messages.operations.enqueue import Order, queue_message
from portal.web.actor import SYSTEM
from sqlalchemy import select


@dataclass
class Ready:
    """One topic and one approved text, to which a test adds clients and messages."""

    topic_id: uuid.UUID
    wording_id: uuid.UUID
    version_id: uuid.UUID

    def client(self, number: int = 0, *, agreed: bool = True) -> uuid.UUID:
        """A client with an address of its own, who has agreed unless told otherwise."""
        client = add_client(f"Ana Silva{number}", f"ana{number}@mail.example", "en", "Europe/Lisbon", SYSTEM)
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
    return db.session.execute(select(ContactPoint).where(ContactPoint.client_id == client_id)).scalar_one()


def make_ready(*, marketing: bool = True) -> Ready:
    """Makes the topic and the text; call it in an application context, and commit."""
    return Ready(uuid.uuid4(), uuid.uuid4(), uuid.uuid4())


__all__ = [
    "Client",
    "Ready",
    "add_wording",
    "approve",
    "make_ready",
    "make_template",
    "make_topic",
    "point_of",
    "save_draft",
    "transaction",
]
