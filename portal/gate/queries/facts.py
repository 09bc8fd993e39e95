"""The facts about messages as they are committed now. What cannot be read counts against sending."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import ContactPoint
from portal.config.current import current
from portal.consent.models import Standing
from portal.consent.queries.gate import Place as Agreed
from portal.consent.queries.gate import TopicFacts, consent_states, topic_facts
from portal.consent.queries.suppression import suppressed
from portal.consent.rules.topics import answers_person
from portal.db import utc_now
from portal.gate.queries.marketing import House, Person, house, marketing_rules, people
from portal.gate.rules import Consent, Facts, HandOver
from portal.message_templates.queries import VersionFacts, version_facts
from portal.settings.queries import value
from portal.settings.rules.sending import ENABLED

# What clients were handed since a moment of their own: the messages know it, and the gate stands below them.
HandOvers = Callable[[Session, Mapping[uuid.UUID, datetime]], Sequence[HandOver]]


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
    """The facts about one message, with the address and the name that were read to learn them."""

    facts: Facts
    address: str
    client_name: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for many subjects at once."""

    people: dict[uuid.UUID, Person]
    topics: dict[uuid.UUID, TopicFacts]
    versions: dict[uuid.UUID, VersionFacts]
    agreed: dict[Agreed, Standing]
    stopped: set[uuid.UUID]
    house: House
    sending_on: bool
    channels_on: frozenset[str]


def facts_of(session: Session, subjects: Sequence[Subject], hand_overs: HandOvers) -> dict[uuid.UUID, Known]:
    """The facts of each subject, in as many statements for one as for many."""
    points = _points(session, subjects)
    addresses = {subject.key: _address(points, subject) for subject in subjects}
    topics = topic_facts(session, {subject.topic_id for subject in subjects})
    marketing = {subject.key for subject in subjects if topics[subject.topic_id].is_marketing}
    # A mail that only answers the person, such as the question to confirm, passes what they themselves stopped.
    answers = {subject.key for subject in subjects if answers_person(subject.topic_id)}
    asked = {one.key: (one.channel, addresses[one.key]) for one in subjects if addresses[one.key]}
    read = _Read(
        people=people(session, {subject.client_id for subject in subjects}),
        topics=topics,
        versions=version_facts(session, {subject.version_id for subject in subjects}),
        agreed=consent_states(session, {(s.client_id, s.topic_id, s.channel) for s in subjects}),
        stopped=suppressed(session, asked, marketing, answers),
        house=house(),
        sending_on=value(ENABLED),
        channels_on=frozenset(current().enabled_channels()),
    )
    known = {one.key: _known(read, one, addresses[one.key]) for one in subjects}
    return _with_hand_overs(session, subjects, known, hand_overs)


def _known(read: _Read, one: Subject, address: str) -> Known:
    version = read.versions.get(one.version_id)
    topic = read.topics[one.topic_id]
    person = read.people.get(one.client_id)
    facts = Facts(
        sending_on=read.sending_on,
        channel_on=one.channel in read.channels_on,
        client_state=person.state if person else "erased",
        has_address=bool(address),
        suppressed=one.key in read.stopped,
        topic_open=topic.is_open,
        consent_needed=topic.consent_needed,
        consent=Consent(read.agreed[one.client_id, one.topic_id, one.channel]),
        version_approved=version is not None and version.approved,
        text_unchanged=version is not None and version.text_hash == one.text_hash,
        deadline=one.deadline,
        is_marketing=topic.is_marketing,
    )
    if topic.is_marketing and person:
        clock, caps = marketing_rules(read.house, person, topic, one.topic_id, one.channel, address)
        facts = replace(facts, clock=clock, caps=caps)
    return Known(facts, address, person.name if person else "")


def _with_hand_overs(
    session: Session, subjects: Sequence[Subject], known: dict[uuid.UUID, Known], hand_overs: HandOvers
) -> dict[uuid.UUID, Known]:
    since: dict[uuid.UUID, datetime] = {}
    now = utc_now()
    for one in subjects:
        for cap in known[one.key].facts.caps:
            since[one.client_id] = min(since.get(one.client_id, now), now - cap.length)
    if not since:
        return known
    handed = hand_overs(session, since)
    for one in subjects:
        facts = known[one.key].facts
        # A message that is tried again does not stand in its own way.
        others = [other for other in handed if other.client_id == one.client_id and other.key != one.key]
        caps = tuple(cap.counting(others) for cap in facts.caps)
        known[one.key] = replace(known[one.key], facts=replace(facts, caps=caps))
    return known


def _points(session: Session, subjects: Sequence[Subject]) -> dict[uuid.UUID, ContactPoint]:
    ids = {subject.contact_point_id for subject in subjects}
    rows = session.scalars(select(ContactPoint).where(ContactPoint.id.in_(ids)))
    return {row.id: row for row in rows}


def _address(points: dict[uuid.UUID, ContactPoint], subject: Subject) -> str:
    # An address that cannot be decrypted reads as false, so the gate refuses it like a missing one.
    point = points.get(subject.contact_point_id)
    usable = point is not None and point.client_id == subject.client_id and point.state == "usable"
    return (point.address or "") if usable and point else ""
