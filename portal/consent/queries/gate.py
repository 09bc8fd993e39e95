"""What the send gate asks, for many messages at once and on the session it hands in. In doubt the answer is no."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, literal, select, tuple_
from sqlalchemy.orm import Session

from portal.consent.models import ConsentState, Standing, Topic, TopicState
from portal.consent.rules.topics import is_consent_needed
from portal.db import utc_now

Place = tuple[uuid.UUID, uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What the gate must know of a topic."""

    is_open: bool
    consent_needed: bool


def consent_states(session: Session, places: Collection[Place]) -> dict[Place, Standing]:
    """
    Where clients stand now, by (client, topic, channel); NONE for what the ledger does not know.

    A consent given for a time has ended from that moment on, also before the ledger says so.
    """
    if not places:
        return {}
    place = tuple_(ConsentState.client_id, ConsentState.topic_id, ConsentState.channel)
    over = (ConsentState.state == Standing.GRANTED) & (ConsentState.expires_at <= utc_now())
    state = case((over, literal(Standing.EXPIRED.value)), else_=ConsentState.state)
    query = select(ConsentState.client_id, ConsentState.topic_id, ConsentState.channel, state)
    rows = session.execute(query.where(place.in_(set(places))))
    return dict.fromkeys(places, Standing.NONE) | {(row[0], row[1], row[2]): Standing(row[3]) for row in rows}


def topic_facts(session: Session, topic_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, TopicFacts]:
    """Whether topics are open and need a consent; one that does not exist is closed."""
    query = select(Topic.id, Topic.state, Topic.legal_basis).where(Topic.id.in_(set(topic_ids)))
    found = {
        topic_id: TopicFacts(state == TopicState.OPEN, is_consent_needed(basis))
        for topic_id, state, basis in session.execute(query)
    }
    return dict.fromkeys(topic_ids, TopicFacts(is_open=False, consent_needed=True)) | found
