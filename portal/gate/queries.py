"""Reads, in a few statements for many messages, the facts that the gate decides on; always on the caller's session."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import Client, ContactPoint
from portal.config.current import current
from portal.consent.models import Topic
from portal.consent.queries import consent_states, suppressed
from portal.gate.rules import Consent, Facts
from portal.message_templates.queries import VersionFacts, version_facts
from portal.settings.queries import value
from portal.settings.rules.sending import ENABLED

CONSENT_BASES = {"consent"}


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


def facts_of(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, Known]:
    """The facts of each subject as they are committed now. What cannot be read counts against sending."""
    clients = _clients(session, subjects)
    points = _points(session, subjects)
    topics = _topics(session, subjects)
    versions = version_facts(session, {subject.version_id for subject in subjects})
    agreed = consent_states(session, {(s.client_id, s.topic_id, s.channel) for s in subjects})
    addresses = {subject.key: _address(points, subject) for subject in subjects}
    stopped = suppressed(session, {s.key: (s.channel, addresses[s.key]) for s in subjects if addresses[s.key]})
    config = current()
    channels_on = set(config.enabled_channels())
    sending_on = config.general.sending_enabled and value(ENABLED)
    known = {}
    for one in subjects:
        version = versions.get(one.version_id)
        topic = topics.get(one.topic_id)
        facts = Facts(
            sending_on=sending_on,
            channel_on=one.channel in channels_on,
            client_state=clients.get(one.client_id, "erased"),
            has_address=bool(addresses[one.key]),
            suppressed=one.key in stopped,
            topic_open=topic is not None and topic.state == "open",
            consent_needed=topic is None or topic.legal_basis in CONSENT_BASES,
            consent=Consent(agreed.get((one.client_id, one.topic_id, one.channel), Consent.NONE)),
            version_approved=version is not None and version.approved,
            text_unchanged=_is_unchanged(version, one),
            deadline=one.deadline,
        )
        known[one.key] = Known(facts, addresses[one.key])
    return known


def _is_unchanged(version: VersionFacts | None, subject: Subject) -> bool:
    return version is not None and version.text_hash == subject.text_hash


def _clients(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, str]:
    ids = {subject.client_id for subject in subjects}
    return dict(session.execute(select(Client.id, Client.state).where(Client.id.in_(ids))).tuples().all())


def _points(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, ContactPoint]:
    ids = {subject.contact_point_id for subject in subjects}
    rows = session.scalars(select(ContactPoint).where(ContactPoint.id.in_(ids)))
    return {row.id: row for row in rows}


def _topics(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, Topic]:
    ids = {subject.topic_id for subject in subjects}
    return {row.id: row for row in session.scalars(select(Topic).where(Topic.id.in_(ids)))}


def _address(points: dict[uuid.UUID, ContactPoint], subject: Subject) -> str:
    # An address that cannot be decrypted reads as false, so the gate refuses it like a missing one.
    point = points.get(subject.contact_point_id)
    usable = point is not None and point.client_id == subject.client_id and point.state == "usable"
    return (point.address or "") if usable and point else ""
