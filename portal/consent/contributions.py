"""What consent shows elsewhere: its line in the navigation, panels and timeline of a client, what waits on Home."""

import uuid

from flask import Flask, url_for

from portal.consent.models import ConsentEvent
from portal.consent.operations import leave_address, merge_consents
from portal.consent.queries import count_events, find_last_act, list_events, list_topics, matrix_now
from portal.consent.queries.suppression_list import entries_of, list_open_removals
from portal.consent.rules.words import DEEDS, METHODS, channel_words
from portal.db import db
from portal.web.permissions import Permission
from portal.web.slots import (
    CLIENT_LAST_ACT,
    CLIENT_MERGED,
    CLIENT_PANELS,
    CLIENT_TIMELINE,
    HOME_ATTENTION,
    NAVIGATION,
    POINT_REMOVED,
    Actor,
    Attention,
    ClientPanel,
    LastAct,
    NavigationEntry,
    TimelineEntry,
)

DECIDING = frozenset({"admin", "compliance_officer"})


def fill(app: Flask) -> None:
    """Fills the slots."""
    NAVIGATION.fill(app, navigation)
    CLIENT_PANELS.fill(app, panels)
    CLIENT_PANELS.fill(app, suppression_panel)
    HOME_ATTENTION.fill(app, attention)
    CLIENT_TIMELINE.fill(app, timeline)
    CLIENT_LAST_ACT.fill(app, last_act)
    CLIENT_MERGED.fill(app, follow_merge)
    POINT_REMOVED.fill(app, leave_address)


def follow_merge(kept_id: uuid.UUID, gone_id: uuid.UUID, actor: Actor) -> list[str]:
    """Joins the ledgers of two clients who become one; says what the kept one took over."""
    taken = len(merge_consents(kept_id, gone_id, actor))
    return [f"{taken} answer{'' if taken == 1 else 's'} about topics taken over, the stricter one of each"]


def navigation() -> list[NavigationEntry]:
    """The list of topics, for those who may see it."""
    entry = NavigationEntry("consent.index", "Consent", "sliders", Permission.CONSENT_VIEW, "Compliance", 110, key="n")
    return [entry]


def last_act(client_id: uuid.UUID) -> list[LastAct]:
    """The last thing the client said about what they want, whoever wrote it down for them."""
    event = find_last_act(client_id)
    return [LastAct(event.occurred_at, "last said what they want to get")] if event else []


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """The client's newest consent events, in words."""
    names = {topic.id: topic.name for topic in list_topics()}
    return [entry_of(event, names[event.topic_id]) for event, _ in list_events(client_id, limit)]


def entry_of(event: ConsentEvent, topic: str) -> TimelineEntry:
    """One event as a line of the timeline."""
    icon, look, deed = DEEDS[event.event]
    text = f"{deed} {topic} by {channel_words(event.channel)}: {METHODS[event.method]}"
    return TimelineEntry(event.recorded_at, "consent", icon, text, look=look)


def panels(client_id: uuid.UUID) -> list[ClientPanel]:
    """What the client agreed to, topic by topic, on the channels they can be reached by or were asked about."""
    session = db.session()
    facts = {
        "client_id": client_id,
        "matrix": matrix_now(session, client_id),
        "events": count_events(session, client_id),
    }
    return [ClientPanel("consent/_panel.html", facts, wide=True, order=10)]


def suppression_panel(client_id: uuid.UUID) -> list[ClientPanel]:
    """What stands on the suppression list for the client's addresses; no panel where there is no address."""
    found = entries_of(client_id)
    return [ClientPanel("consent/_suppression_panel.html", {"entries": found}, order=30)] if found is not None else []


def attention(actor: Actor) -> list[Attention]:
    """What waits for a second person, for those who may be that person."""
    if not DECIDING & set(actor.roles):
        return []
    title = "Somebody asks to take an address off the suppression list"
    return [
        Attention(
            "warn", "shield", title, f"{one.asked_label} asked. A second person has to decide.",
            url_for("consent.show_removal", removal_id=one.id), "Read and decide",
        )
        for one in list_open_removals()
        if one.asked_by != actor.id
    ]  # fmt: skip
