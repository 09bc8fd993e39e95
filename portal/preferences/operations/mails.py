"""Orders the portal's own mails through the way of every message: gate, limits, outbox and ledger of attempts."""

import uuid
from datetime import timedelta

from portal.clients.models import Client, ContactPoint
from portal.config.channels import Channel
from portal.consent.queries import find_topic, get_event
from portal.db import db, utc_now
from portal.messages.operations.enqueue import NoAddress, Order, queue_message
from portal.messages.operations.senders import REQUEST_EVENT
from portal.preferences.operations.texts import Text, text_version
from portal.preferences.queries.system import count_answers
from portal.preferences.rules.languages import language_for
from portal.web.actor import Actor

MOST = 5
WITHIN = timedelta(days=1)


def order_confirmation(event_id: uuid.UUID, actor: Actor) -> uuid.UUID | None:
    """
    Orders the mail that asks the person to confirm the request this event wrote down; says which message it is.

    Once an hour for each request, so that asking again sends it again, and MOST mails a day to one address whatever is
    asked: somebody else may be asking. None for other channels, and where no address is left.
    """
    event = get_event(event_id)
    client = db.session.get_one(Client, event.client_id)
    if event.channel != Channel.EMAIL or _is_enough(event.contact_point_id):
        return None
    topic = find_topic(event.topic_id)
    fields = {REQUEST_EVENT: str(event.id), "asked_topic": topic.name if topic else ""}
    order = Order(
        client_id=event.client_id,
        version_id=text_version(Text.CONFIRM, language_for(None, client.language).code),
        fields=fields,
        idempotency_key=f"confirm:{event.id}:{utc_now():%Y-%m-%dT%H}",
        contact_point_id=event.contact_point_id,
    )
    try:
        return queue_message(order, actor)
    except NoAddress:
        return None


def order_link(point: ContactPoint, language: str, actor: Actor) -> uuid.UUID | None:
    """Orders the mail with a fresh link to the settings, in the client's language or else in that of the page."""
    if _is_enough(point.id):
        return None
    client = db.session.get_one(Client, point.client_id)
    version_id = text_version(Text.LINK, language_for(None, client.language, language).code)
    return queue_message(Order(point.client_id, version_id, {}, contact_point_id=point.id), actor)


def _is_enough(contact_point_id: uuid.UUID | None) -> bool:
    return contact_point_id is not None and count_answers(contact_point_id, utc_now() - WITHIN) >= MOST
