"""What consent shows elsewhere: its line in the navigation, and on a client's page the panel and the timeline."""

import uuid
from dataclasses import dataclass

from flask import Flask

from portal.config.channels import Channel
from portal.consent.models import ConsentEvent, ConsentState, Standing, Topic
from portal.consent.operations import merge_consents
from portal.consent.queries import list_channels, list_events, list_states, list_topics
from portal.consent.rules import is_consent_needed
from portal.consent.rules.words import BASES_IN_WORDS, DEEDS, METHODS, STANDINGS, channel_words
from portal.web.permissions import Permission
from portal.web.slots import (
    CLIENT_MERGED,
    CLIENT_PANELS,
    CLIENT_TIMELINE,
    NAVIGATION,
    Actor,
    ClientPanel,
    NavigationEntry,
    TimelineEntry,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a client stands on one topic and channel: word, look and icon of the badge, and how it came about."""

    channel: str
    word: str
    look: str
    icon: str
    state: ConsentState | None = None
    origin: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether messages may go out, so that withdrawing is what can be done here."""
        return self.state.state == Standing.GRANTED if self.state else self.look == "info"


def fill(app: Flask) -> None:
    """Fills the slots."""
    NAVIGATION.fill(app, navigation)
    CLIENT_PANELS.fill(app, panels)
    CLIENT_TIMELINE.fill(app, timeline)
    CLIENT_MERGED.fill(app, follow_merge)


def follow_merge(kept_id: uuid.UUID, gone_id: uuid.UUID, actor: Actor) -> list[str]:
    """Joins the ledgers of two clients who become one; says what the kept one took over."""
    taken = len(merge_consents(kept_id, gone_id, actor))
    return [f"{taken} answer{'' if taken == 1 else 's'} about topics taken over, the stricter one of each"]


def navigation() -> list[NavigationEntry]:
    """The list of topics, for those who may see it."""
    entry = NavigationEntry("consent.index", "Consent", "sliders", Permission.CONSENT_VIEW, "Compliance", 110, key="n")
    return [entry]


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
    states = {(state.topic_id, state.channel): state for state in list_states(client_id)}
    wanted = {*list_channels(client_id), *(channel for _, channel in states)}
    channels = [channel for channel in Channel if channel in wanted]
    origins = {event.id: METHODS[event.method] for event, _ in list_events(client_id)}
    rows = [
        (topic, [cell_of(topic, channel, states.get((topic.id, channel)), origins) for channel in channels])
        for topic in list_topics()
    ]
    facts = {"client_id": client_id, "channels": channels, "rows": rows, "events": len(origins)}
    return [ClientPanel("consent/_panel.html", facts, wide=True, order=10)]


def cell_of(topic: Topic, channel: str, state: ConsentState | None, origins: dict[uuid.UUID, str]) -> Cell:
    """One field of the panel."""
    if state is not None:
        return Cell(channel, *STANDINGS[state.state], state, origins[state.event_id])
    if is_consent_needed(topic.legal_basis):
        return Cell(channel, *STANDINGS["none"])
    return Cell(channel, BASES_IN_WORDS[topic.legal_basis], "info", "lock")
