"""What the send gate asks, for many messages at once and on the session it hands in. In doubt the answer is no."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, literal, select, tuple_
from sqlalchemy.orm import Session

from portal.consent.models import ConsentState, Standing, Topic, TopicClass, TopicState
from portal.consent.rules.topics import is_consent_needed
from portal.db import utc_now

Place = tuple[uuid.UUID, uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What the gate must know of a topic."""

    is_open: bool
    consent_needed: bool
    is_marketing: bool = True
    cap_messages: int | None = None
    cap_days: int | None = None


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
    said = Topic.id, Topic.state, Topic.legal_basis, Topic.topic_class, Topic.cap_messages, Topic.cap_days
    found = {
        row.id: TopicFacts(
            is_open=row.state == TopicState.OPEN,
            consent_needed=is_consent_needed(row.legal_basis),
            is_marketing=row.topic_class == TopicClass.MARKETING,
            cap_messages=row.cap_messages,
            cap_days=row.cap_days,
        )
        for row in session.execute(select(*said).where(Topic.id.in_(set(topic_ids))))
    }
    return dict.fromkeys(topic_ids, TopicFacts(is_open=False, consent_needed=True)) | found
