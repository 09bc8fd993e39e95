"""Reads, in a few statements for many messages, the facts that the gate decides on; always on the caller's session."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import Client, ContactPoint
from portal.config.current import current
from portal.consent.models import Standing
from portal.consent.queries.gate import Place, TopicFacts, consent_states, topic_facts
from portal.consent.queries.suppression import suppressed
from portal.gate.rules import Consent, Facts
from portal.message_templates.queries import VersionFacts, version_facts
from portal.settings.queries import value
from portal.settings.rules.sending import ENABLED


@dataclass(frozen=True, slots=True)
class Subject:
    """One message as the gate sees it: ids, and what it carries of its own. The key is the caller's."""

    key: uuid.UUID
    client_id: uuid.UUID
    contact_point_id: uuid.UUID
    topic_id: uuid.UUID
    channel: str
    version_id: uuid.UUID
    text_hash: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """The facts about one message, and the address that was read to learn them."""

    facts: Facts
    address: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for many subjects at once."""

    clients: dict[uuid.UUID, str]
    topics: dict[uuid.UUID, TopicFacts]
    versions: dict[uuid.UUID, VersionFacts]
    agreed: dict[Place, Standing]
    stopped: set[uuid.UUID]
    sending_on: bool
    channels_on: frozenset[str]


def facts_of(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, Known]:
    """The facts of each subject as they are committed now. What cannot be read counts against sending."""
    points = _points(session, subjects)
    addresses = {subject.key: _address(points, subject) for subject in subjects}
    read = _Read(
        clients=_clients(session, subjects),
        topics=topic_facts(session, {subject.topic_id for subject in subjects}),
        versions=version_facts(session, {subject.version_id for subject in subjects}),
        agreed=consent_states(session, {(s.client_id, s.topic_id, s.channel) for s in subjects}),
        stopped=suppressed(session, {s.key: (s.channel, addresses[s.key]) for s in subjects if addresses[s.key]}),
        sending_on=value(ENABLED),
        channels_on=frozenset(current().enabled_channels()),
    )
    return {one.key: Known(_facts(read, one, addresses[one.key]), addresses[one.key]) for one in subjects}


def _facts(read: _Read, one: Subject, address: str) -> Facts:
    version = read.versions.get(one.version_id)
    topic = read.topics[one.topic_id]
    return Facts(
        sending_on=read.sending_on,
        channel_on=one.channel in read.channels_on,
        client_state=read.clients.get(one.client_id, "erased"),
        has_address=bool(address),
        suppressed=one.key in read.stopped,
        topic_open=topic.is_open,
        consent_needed=topic.consent_needed,
        consent=Consent(read.agreed[one.client_id, one.topic_id, one.channel]),
        version_approved=version is not None and version.approved,
        text_unchanged=version is not None and version.text_hash == one.text_hash,
        deadline=one.deadline,
    )


def _clients(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, str]:
    ids = {subject.client_id for subject in subjects}
    return {row[0]: row[1] for row in session.execute(select(Client.id, Client.state).where(Client.id.in_(ids)))}


def _points(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, ContactPoint]:
    ids = {subject.contact_point_id for subject in subjects}
    rows = session.scalars(select(ContactPoint).where(ContactPoint.id.in_(ids)))
    return {row.id: row for row in rows}


def _address(points: dict[uuid.UUID, ContactPoint], subject: Subject) -> str:
    # An address that cannot be decrypted reads as false, so the gate refuses it like a missing one.
    point = points.get(subject.contact_point_id)
    usable = point is not None and point.client_id == subject.client_id and point.state == "usable"
    return (point.address or "") if usable and point else ""
