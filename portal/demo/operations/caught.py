"""Emails of the company as simulation would have caught them."""

from datetime import datetime

from portal.channels.email.mime import EmailContent, skeleton
from portal.clients.models import Client
from portal.config.current import current
from portal.consent.rules import preferences_token, unsubscribe_token
from portal.db import db
from portal.demo.queries import Text
from portal.demo.rules.company import VALUES
from portal.message_templates.queries import compiled_version
from portal.message_templates.rules import client_values, render
from portal.messages.models import CapturedEmail, Message
from portal.settings.queries import list_settings
from portal.settings.rules.organisation import NAME, POSTAL_ADDRESS

DOMAIN = "tidewell.example"


def caught_copy(message: Message, client: Client, text: Text, caught_at: datetime) -> CapturedEmail:
    """The complete mail of this message, as the client would have received it."""
    base, point = current().general.public_base_url, message.contact_point_id
    link = f"{base}/u/{unsubscribe_token(point, message.topic_id)}"
    # Read anew: what the portal remembers of its settings may be older than the company's name.
    name, postal_address = (one.value for one in list_settings(db.session(), [NAME, POSTAL_ADDRESS]))
    values = {
        **VALUES[text.template.key],
        **client_values(client.full_name or ""),
        "sender_name": name,
        "postal_address": postal_address,
        "unsubscribe_url": link,
        "preferences_url": f"{base}/p/{preferences_token(point, caught_at)}",
    }
    rendered = render(compiled_version(db.session(), text.version.id), values)
    content = EmailContent(
        message_id=f"{message.id}@{DOMAIN}",
        to=client.contact_points[0].address or "",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe_url=link,
    )
    caught = CapturedEmail(message_id=message.id, captured_at=caught_at)
    caught.raw = skeleton(name, f"no-reply@{DOMAIN}").build(content, caught_at).decode()
    return caught
