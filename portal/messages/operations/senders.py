"""Makes the ways of sending out of what the environment and the settings say about the sender."""

import json
import uuid

from sqlalchemy.orm import Session

from portal.channels.email.mime import skeleton
from portal.channels.email.smtp import Security, SmtpAccount
from portal.channels.probes.http import Trust
from portal.channels.sms.twilio import TwilioAccount
from portal.config.channels import ChannelMode
from portal.config.configuration import Config
from portal.config.current import current
from portal.consent.rules.tokens import confirm_token, preferences_token, unsubscribe_token
from portal.consent.rules.topics import answers_person
from portal.message_templates.queries import compiled_version
from portal.messages.operations.check import Handed
from portal.messages.operations.deliver import EmailDelivery, EmailSender
from portal.settings.queries import value
from portal.settings.rules import organisation

REQUEST_EVENT = "request_event"
"""The field of a message by which it names the request it asks the person to confirm."""

SIMULATED_SENDER = "no-reply@simulation.invalid"


def email_delivery() -> EmailDelivery:
    """A delivery for the present configuration: over SMTP when email is live, else into the capture outbox."""
    config = current()
    live = config.mode_of("email") is ChannelMode.LIVE
    from_email = config.smtp.from_email or SIMULATED_SENDER
    name = value(organisation.NAME)
    sender = EmailSender(
        skeleton=skeleton(config.smtp.from_name or name, from_email),
        domain=from_email.rpartition("@")[2],
        bounce_address=from_email,
        links=links_of,
        footer={"sender_name": name, "postal_address": value(organisation.POSTAL_ADDRESS)},
    )
    return EmailDelivery(sender, smtp_account(config) if live else None)


def smtp_account(config: Config) -> SmtpAccount:
    """The relay of the environment, in the words of the channel."""
    smtp = config.smtp
    return SmtpAccount(
        host=smtp.host,
        port=smtp.port,
        security=Security(smtp.security.value),
        username=smtp.username,
        password=smtp.password.reveal(),
        timeout=smtp.timeout,
        ca_bundle=str(config.security.ca_bundle) if config.security.ca_bundle else None,
        connect_tries=smtp.connect_tries,
        connect_wait=smtp.connect_delay,
    )


def twilio_account(config: Config) -> TwilioAccount:
    """The account of the environment in the words of the channel, with the API key where there is one."""
    twilio = config.twilio
    key = (twilio.api_key, twilio.api_secret) if twilio.api_key else (twilio.account_sid, twilio.auth_token)
    return TwilioAccount(
        account_sid=twilio.account_sid,
        username=key[0],
        password=key[1].reveal(),
        from_number=twilio.from_number,
        messaging_service_sid=twilio.messaging_service_sid,
        status_callback=twilio.status_callback_url,
        trust=Trust(config.security.tls_verify, config.security.ca_bundle),
        base_url=twilio.api_url,
    )


def links_of(message: Handed) -> dict[str, str]:
    """
    The links of this client: to stop this topic, which works for as long as its key exists, and to their settings.

    A message that asks for a confirmation names the event in its fields; the link is made here, so that nobody who
    looks at a message finds a link that would confirm it.
    """
    base = current().general.public_base_url
    links = {
        "unsubscribe_url": f"{base}/u/{unsubscribe_token(message.contact_point_id, message.topic_id)}",
        "preferences_url": f"{base}/p/{preferences_token(message.contact_point_id, message.started_at)}",
    }
    event = json.loads(message.fields).get(REQUEST_EVENT)
    if event and answers_person(message.topic_id):
        links["confirm_url"] = f"{base}/c/{confirm_token(uuid.UUID(event), message.started_at)}"
    return links


def load_texts(session: Session, messages: list[Handed], delivery: EmailDelivery) -> None:
    """Puts the compiled texts of these messages where the sending threads find them."""
    for version_id in {message.version_id for message in messages}:
        if version_id not in delivery.compiled:
            delivery.compiled[version_id] = compiled_version(session, version_id)
