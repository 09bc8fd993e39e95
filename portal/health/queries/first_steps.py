"""What is left before the first real message: steps checked against the portal itself, never ticked by hand."""

from dataclasses import dataclass

from portal.audit.queries import latest_verification
from portal.config.channels import ChannelMode
from portal.config.current import current
from portal.consent.queries import list_topics
from portal.db import db
from portal.health.queries.parts import newest_backup
from portal.messages.queries import has_any_message, list_sendable
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.staff.models import Role
from portal.staff.queries import list_active_members


@dataclass(frozen=True, slots=True)
class Step:
    """One step; without an endpoint it is done outside the portal, and the text says where."""

    title: str
    text: str
    done: bool
    endpoint: str = ""
    action: str = ""
    area: str = ""


def first_steps(*, protected: bool) -> list[Step]:
    """The steps in the order of doing."""
    writing = [_topic(), _text(), _message()]
    return [_protect(done=protected), _organisation(), _channel(), *writing, _second_admin(), _audit(), _backup()]


def _protect(*, done: bool) -> Step:
    said = "Signing in asks for a second factor." if done else "Set up a second factor: a code from your phone."
    return Step("Your account is protected", said, done, "staff.security", "Set it up")


def _organisation() -> Step:
    named = value(organisation.NAME) != organisation.NAME.default and bool(value(organisation.POSTAL_ADDRESS))
    said = "Name and postal address stand in the footer of every marketing email; the law asks for them."
    return Step("Name your organisation", said, named, "settings.area", "Name it", "organisation")


def _channel() -> Step:
    config = current()
    live = [channel for channel in config.enabled_channels() if config.mode_of(channel) is ChannelMode.LIVE]
    if live:
        return Step("Connect a first channel", f"Connected: {', '.join(live)}.", done=True)
    said = (
        "Until then nothing leaves this machine. Fill one group of .env, such as SMTP, restart, "
        "and run flask --app wsgi config check --live."
    )
    return Step("Connect a first channel", said, done=False)


def _topic() -> Step:
    said = "A topic is a purpose of writing, with what allows it and the words by which people are asked."
    return Step("Make a topic", said, bool(list_topics()), "consent.index", "See topics")


def _text() -> Step:
    said = "A marketer writes it and has it approved; it can begin with a starter, such as a booking confirmation."
    return Step(
        "Have a message template approved",
        said,
        bool(list_sendable(db.session())),
        "message_templates.index",
        "See templates",
    )


def _message() -> Step:
    said = "A marketer opens a client and presses “Send a message”. In simulation it lands in the capture outbox."
    return Step("Send a first message", said, has_any_message(db.session()))


def _second_admin() -> Step:
    several = len(list_active_members([Role.ADMIN])) > 1
    said = (
        "Approvals, erasures and key changes need two people. On the server, "
        "flask --app wsgi staff create makes the account and its set-up link."
    )
    return Step("Add a second administrator", said, several, "staff.staff", "See staff")


def _audit() -> Step:
    said = "Walk along the chain once, so that you know how it looks when it is unbroken."
    return Step("Verify the audit log", said, latest_verification() is not None, "audit.index", "Verify")


def _backup() -> Step:
    said = "Run make backup on the server, and keep the master key of .env apart from it: one is useless alone."
    return Step("Make a first backup", said, newest_backup() is not None)
