"""What the page behind a link shows: one topic on one address, and what arrives besides."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.clients.models import Client, ContactPoint, PointState
from portal.consent.models import ConsentEvent, Standing, Topic, TopicState, TopicWording
from portal.consent.queries import find_contact_point, find_topic, find_wording, list_states, list_topics
from portal.consent.rules import is_consent_needed, read_confirm_token, read_token
from portal.consent.rules.standing import OPPOSED
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.db import db

Places = Mapping[tuple[uuid.UUID, str], Standing]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link is about, and in which language and zone its client reads."""

    contact_point: ContactPoint
    topic: Topic
    language: str
    zone: str

    @property
    def client_id(self) -> uuid.UUID:
        """Whose address it is."""
        return self.contact_point.client_id


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks to confirm, and the words that were read."""

    event: ConsentEvent
    subscription: Subscription
    wording: TopicWording | None


@dataclass(frozen=True, slots=True)
class Shown:
    """How things stand: since when the topic is stopped, if it is, and what still arrives, as (topic, channels)."""

    stopped_since: datetime | None
    remaining: list[tuple[str, list[str]]]


def find_subscription(token: str) -> Subscription | None:
    """The address and topic of a link of ours; None for every other text, and for what is no longer there."""
    found = read_token(token)
    return _subscription(*found) if found else None


def find_asked(token: str) -> Asked | None:
    """What a link of ours asks to confirm; None for every other text, and for an address that is no longer there."""
    event_id = read_confirm_token(token)
    event = db.session.get(ConsentEvent, event_id) if event_id else None
    if event is None or event.contact_point_id is None:
        return None
    subscription = _subscription(event.contact_point_id, event.topic_id)
    if subscription is None or subscription.contact_point.state == PointState.ERASED:
        return None
    return Asked(event, subscription, find_wording(event.wording_id) if event.wording_id else None)


def find_shown(subscription: Subscription) -> Shown:
    """Read after the withdrawal has committed, so that the page says what the database says."""
    states = {(state.topic_id, state.channel): state for state in list_states(subscription.client_id)}
    here = states.get((subscription.topic.id, subscription.contact_point.channel))
    since = here.since if here and here.state == Standing.WITHDRAWN else None
    standings = {place: Standing(state.state) for place, state in states.items()}
    remaining = [
        (topic.name, channels)
        for topic in list_topics()
        if topic.id not in {subscription.topic.id, SYSTEM_LINKS}
        and (channels := _arriving(topic, subscription, standings))
    ]
    return Shown(since, remaining)


def _subscription(contact_point_id: uuid.UUID, topic_id: uuid.UUID) -> Subscription | None:
    contact_point, topic = find_contact_point(contact_point_id), find_topic(topic_id)
    if contact_point is None or topic is None:
        return None
    client = db.session.get_one(Client, contact_point.client_id)
    return Subscription(contact_point, topic, client.language, client.time_zone)


def _arriving(topic: Topic, subscription: Subscription, standings: Places) -> list[str]:
    if topic.state == TopicState.CLOSED:
        return []
    agreed = {channel for (one, channel), standing in standings.items() if (one, standing) == (topic.id, "granted")}
    own = subscription.contact_point.channel
    if not is_consent_needed(topic.legal_basis) and standings.get((topic.id, own)) not in OPPOSED:
        agreed.add(own)
    return sorted(agreed)
