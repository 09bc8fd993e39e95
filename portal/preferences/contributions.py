"""What the preference centre does for pages below: where a client was asked to confirm, the mail goes out."""

import uuid

from flask import Flask

from portal.preferences.operations.mails import order_confirmation
from portal.web.actor import Actor
from portal.web.slots import CONSENT_REQUESTED


def fill(app: Flask) -> None:
    """Fills the slots."""
    CONSENT_REQUESTED.fill(app, ask_person)


def ask_person(event_id: uuid.UUID, actor: Actor) -> list[object]:
    """Orders the mail by which the person confirms, in the transaction of the request; answers what was ordered."""
    ordered = order_confirmation(event_id, actor)
    return [ordered] if ordered else []
