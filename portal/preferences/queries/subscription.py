"""What the page behind a link shows: one topic on one address, and what arrives besides."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from portal.clients.models import ContactPoint
from portal.consent.models import Standing, Topic, TopicState
from portal.consent.queries import find_contact_point, find_topic, list_states, list_topics
from portal.consent.rules import is_consent_needed, read_token
from portal.consent.rules.words import channel_words


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link is about."""

    contact_point: ContactPoint
    topic: Topic

    @property
    def client_id(self) -> uuid.UUID:
        """Whose address it is."""
        return self.contact_point.client_id


@dataclass(frozen=True, slots=True)
class Shown:
    """How things stand: since when the topic is stopped, if it is, and what still arrives, as (topic, channels)."""

    stopped_since: datetime | None
    remaining: list[tuple[str, str]]


def find_subscription(token: str) -> Subscription | None:
    """The address and topic of a link of ours; None for every other text, and for what is no longer there."""
    found = read_token(token)
    if found is None:
        return None
    contact_point, topic = find_contact_point(found[0]), find_topic(found[1])
    return Subscription(contact_point, topic) if contact_point and topic else None


def find_shown(subscription: Subscription) -> Shown:
    """Read after the withdrawal has committed, so that the page says what the database says."""
    states = {(state.topic_id, state.channel): state for state in list_states(subscription.client_id)}
    here = states.get((subscription.topic.id, subscription.contact_point.channel))
    since = here.since if here and here.state == Standing.WITHDRAWN else None
    standings = {place: Standing(state.state) for place, state in states.items()}
    remaining = [
        (topic.name, words)
        for topic in list_topics()
        if topic.id != subscription.topic.id and (words := _arriving(topic, subscription, standings))
    ]
    return Shown(since, remaining)


def _arriving(topic: Topic, subscription: Subscription, standings: dict[tuple[uuid.UUID, str], Standing]) -> str:
    if topic.state == TopicState.CLOSED:
        return ""
    agreed = [channel for (one, channel), standing in standings.items() if (one, standing) == (topic.id, "granted")]
    own = subscription.contact_point.channel
    if not is_consent_needed(topic.legal_basis) and standings.get((topic.id, own)) is not Standing.WITHDRAWN:
        agreed.append(own)
    return ", ".join(channel_words(channel) for channel in sorted(set(agreed)))
