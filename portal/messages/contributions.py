"""What messages show elsewhere: navigation, a client's timeline and panel, what needs attention on the home page."""

import uuid
from datetime import datetime

from flask import Flask, url_for

from portal.config.channels import Channel
from portal.db import db, utc_now
from portal.messages.models import Message, MessageState
from portal.messages.operations.joining import move_messages
from portal.messages.queries import find_trouble, list_newest_of
from portal.messages.queries.attention import COUNTED, Trouble
from portal.messages.queries.may_we_write import list_open_topics, list_topic_standings, usable_points
from portal.messages.queries.story import SOON
from portal.messages.rules import IN_FLIGHT
from portal.messages.rules.words import ENDS, reason_words, shown_state
from portal.staff.models import Role
from portal.staff.rules.roles import may
from portal.web.access import Permission
from portal.web.actor import Actor
from portal.web.slots import (
    CLIENT_ACTIONS,
    CLIENT_MERGED,
    CLIENT_PANELS,
    CLIENT_TIMELINE,
    HOME_ATTENTION,
    NAVIGATION,
    Attention,
    ClientAction,
    ClientPanel,
    NavigationEntry,
    TimelineEntry,
)

MESSAGES = NavigationEntry("messages.index", "Messages", "message", Permission.MESSAGE_VIEW, order=20, key="m")


def fill(app: Flask) -> None:
    """Fills the slots."""
    NAVIGATION.fill(app, lambda: [MESSAGES])
    CLIENT_TIMELINE.fill(app, timeline)
    CLIENT_PANELS.fill(app, panels)
    CLIENT_ACTIONS.fill(app, actions)
    CLIENT_MERGED.fill(app, move_messages)
    HOME_ATTENTION.fill(app, attention)


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """The client's newest messages and what became of them."""
    now = utc_now()
    return [entry_of(message, name, now) for message, name in list_newest_of(db.session(), client_id, limit)]


def entry_of(message: Message, template: str, now: datetime) -> TimelineEntry:
    """One message as a line of the timeline."""
    ending, icon, look = ENDS[shown_state(message.state, message.attempts)]
    why = f" ({reason_words(message.reason)[0]})" if message.state == MessageState.SUPPRESSED else ""
    soon = message.state == MessageState.QUEUED and message.due_at <= now + SOON
    return TimelineEntry(
        at=message.created_at,
        kind="message",
        icon=icon,
        text=f"by {message.channel}: {ending}{why}",
        title=template,
        url=url_for("messages.show", message_id=message.id),
        look=look,
        in_flight=soon or message.state in IN_FLIGHT,
    )


def panels(client_id: uuid.UUID) -> list[ClientPanel]:
    """Whether we may write to this client: asked about the first topic, on a channel the client has an address on."""
    session = db.session()
    topics = list_open_topics(session)
    has = usable_points(session, client_id)
    channel = next((one for one in Channel if one in has), Channel.EMAIL)
    found = list_topic_standings(session, client_id, topics[:1], [channel])
    facts = {"client_id": client_id, "topics": topics, "channels": list(Channel), "one": found[0] if found else None}
    return [ClientPanel("messages/_may_we_write.html", facts, order=10)]


def actions(client_id: uuid.UUID) -> list[ClientAction]:
    """The way to the page where a message to this client is written."""
    url = url_for("messages.new", client=client_id)
    return [ClientAction("Send a message", url, "send", Permission.MESSAGE_SEND, primary=True)]


def attention(actor: Actor) -> list[Attention]:
    """Bad ends for those who see messages; email that nobody takes also for those who see the health page."""
    trouble = find_trouble(db.session())
    found = []
    if trouble.ended and holds(actor, Permission.MESSAGE_VIEW):
        found.append(ended_badly(trouble))
    if trouble.is_stuck and holds(actor, Permission.HEALTH_VIEW):
        text = "Messages are kept and tried again by themselves. See whether the mail server answers."
        url = url_for("health.index")
        found.append(Attention("bad", "email", "No email was accepted for 15 minutes", text, url, "See health"))
    return found


def ended_badly(trouble: Trouble) -> Attention:
    """One line for all bad ends of the last days."""
    number = sum(trouble.ended.values())
    title = "1 message did not arrive" if number == 1 else f"{number:,} messages did not arrive"
    if number >= COUNTED:
        title = f"{COUNTED:,} messages or more did not arrive"
    parts = [f"{ENDS[state][0]}: {count:,}" for state, count in sorted(trouble.ended.items())]
    text = f"In the last 7 days. {'; '.join(parts).capitalize()}."
    return Attention("warn", "message", title, text, url_for("messages.index", state="failed"), "See them")


def holds(actor: Actor, permission: Permission) -> bool:
    """Whether any role of the actor carries the permission."""
    return any(may(Role(role), permission) for role in actor.roles)
