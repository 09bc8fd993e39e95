"""Emails as staff see them: filled in, but with what comes from the client's record masked."""

import json
import uuid
from collections.abc import Mapping

from markupsafe import escape
from sqlalchemy.orm import Session

from portal.clients.models import Client
from portal.clients.rules import mask_name
from portal.config.current import current
from portal.message_templates.queries import compiled_version
from portal.message_templates.rules import Rendered, RenderFailed, render
from portal.messages.models import Message
from portal.settings.queries import value
from portal.settings.rules import organisation

UNREADABLE = "<!DOCTYPE html><html lang='en'><head><title>No preview</title></head><body><p>{}</p></body></html>"


def masked_client(client: Client) -> dict[str, str]:
    """The client's own fields, masked."""
    masked = mask_name(client.full_name)
    return {"first_name": masked.partition(" ")[0], "full_name": masked}


def sender_values() -> dict[str, str]:
    """What the footer says: who writes, from where, and links that stand for everybody's own."""
    base = current().general.public_base_url
    return {
        "sender_name": value(organisation.NAME),
        "postal_address": value(organisation.POSTAL_ADDRESS),
        "unsubscribe_url": f"{base}/u/preview",
        "preferences_url": f"{base}/p/preview",
        "confirm_url": f"{base}/c/preview",
    }


def preview(session: Session, version_id: uuid.UUID, values: Mapping[str, str]) -> str:
    """The HTML of a version with these values, or a page that says which one does not fit."""
    try:
        return render(compiled_version(session, version_id), {**values, **sender_values()}).html
    except RenderFailed as failed:
        return UNREADABLE.format(escape(str(failed)))


def masked_email(session: Session, message: Message, client: Client) -> Rendered | None:
    """What was sent, the client's own fields masked; None once its values are gone or cannot be read."""
    if not message.fields:
        return None
    values = {**json.loads(message.fields), **masked_client(client), **sender_values()}
    try:
        return render(compiled_version(session, message.version_id), values)
    except RenderFailed:
        return None
