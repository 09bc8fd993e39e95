"""What the send gate asks, for many messages at once and on the session it hands in. In doubt the answer is no."""

import uuid
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.consent.models import ConsentState, Standing, Suppression, SuppressionScope, Topic, TopicState
from portal.consent.rules.addresses import suppression_hashes
from portal.consent.rules.topics import is_consent_needed
from portal.crypto.blind_index import NotAnAddress

Place = tuple[uuid.UUID, uuid.UUID, str]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What the gate must know of a topic."""

    is_open: bool
    consent_needed: bool


def consent_states(session: Session, places: Collection[Place]) -> dict[Place, Standing]:
    """Where clients stand now, by (client, topic, channel); NONE for what the ledger does not know."""
    if not places:
        return {}
    place = tuple_(ConsentState.client_id, ConsentState.topic_id, ConsentState.channel)
    query = select(ConsentState.client_id, ConsentState.topic_id, ConsentState.channel, ConsentState.state)
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


def suppressed(session: Session, addresses: Mapping[Key, tuple[str, str]]) -> set[Key]:
    """The keys whose (channel, address) must not be written to, under any suppression key; also what is no address."""
    wanted: dict[tuple[str, bytes], set[Key]] = {}
    refused: set[Key] = set()
    for key, (channel, address) in addresses.items():
        try:
            for tag in suppression_hashes(channel, address):
                wanted.setdefault((channel, tag), set()).add(key)
        except NotAnAddress:
            refused.add(key)
    hashes = {tag for _, tag in wanted}
    query = select(Suppression.channel, Suppression.address_hash).where(
        Suppression.address_hash.in_(hashes), Suppression.scope == SuppressionScope.ALL
    )
    for channel, tag in session.execute(query) if hashes else ():
        refused |= wanted.get((channel, tag), set())
    return refused
