"""What consent shows elsewhere: on a client's timeline, what they agreed to and withdrew."""

import uuid

from flask import Flask

from portal.consent.models import ConsentEvent
from portal.consent.queries import list_events, list_topics
from portal.consent.rules.words import DEEDS, METHODS, channel_words
from portal.web.slots import CLIENT_TIMELINE, TimelineEntry


def fill(app: Flask) -> None:
    """Fills the slots."""
    CLIENT_TIMELINE.fill(app, timeline)


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """The client's newest consent events, in words."""
    names = {topic.id: topic.name for topic in list_topics()}
    return [entry_of(event, names[event.topic_id]) for event, _ in list_events(client_id, limit)]


def entry_of(event: ConsentEvent, topic: str) -> TimelineEntry:
    """One event as a line of the timeline."""
    icon, look, deed = DEEDS[event.event]
    text = f"{deed} {topic} by {channel_words(event.channel)}: {METHODS[event.method]}"
    return TimelineEntry(event.recorded_at, "consent", icon, text, look=look)
