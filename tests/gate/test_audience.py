"""What the database narrows an audience to is what the gate lets through, or more: never less."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from portal.clients.models import Client, ContactPoint
from portal.clients.operations import add_client
from portal.clients.queries import index_of
from portal.consent.models import (
    ConsentEvent,
    ConsentState,
    Happening,
    LegalBasis,
    Method,
    Standing,
    SuppressionReason,
    Topic,
)
from portal.consent.operations import suppress
from portal.consent.operations.ledger import withdraw
from portal.db import db, new_id, transaction, utc_now
from portal.gate.queries import Subject, facts_of
from portal.gate.queries.audience import audience, count_audience
from portal.gate.rules import Answer, Reason, decide
from portal.message_templates.models import MessageTemplateVersion
from portal.messages.queries.may_we_write import usable_points
from portal.web.actor import SYSTEM
from sqlalchemy import delete, select

from tests.fixtures.clock import midday_zone
from tests.messages.ready import make_ready

PEOPLE = 4
HOUR = timedelta(hours=1)
ONE = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["active", "active", "active", "restricted", "erasing"]),
        "points": st.lists(st.sampled_from(["usable", "usable", "unusable"]), max_size=3),
        "standing": st.sampled_from([None, *Standing, Standing.GRANTED, Standing.GRANTED]),
        "ends": st.sampled_from([None, None, -HOUR, HOUR]),
        "suppressed": st.booleans(),
    }
)
TOPIC = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["open", "open", "open", "closed"]),
        "legal_basis": st.sampled_from([LegalBasis.CONSENT, LegalBasis.CONSENT, LegalBasis.CONTRACT]),
        "topic_class": st.sampled_from(["marketing", "transactional"]),
    }
)


@pytest.fixture
def ready(session):
    """A topic, its text, and people without anything."""
    with transaction():
        made = make_ready()
        made.people = [
            add_client(f"Ana Silva{n}", f"old{n}@mail.example", "en", midday_zone(), SYSTEM).id for n in range(PEOPLE)
        ]
        for client_id in made.people:
            withdraw(client_id, made.topic_id, "email", Method.LINK, SYSTEM)
    return made


def set_up(ready, topic, people) -> None:
    with transaction() as session:
        row = session.get_one(Topic, ready.topic_id)
        row.state, row.legal_basis, row.topic_class = topic["state"], topic["legal_basis"], topic["topic_class"]
        for client_id, facts in zip(ready.people, people, strict=True):
            session.get_one(Client, client_id).state = facts["state"]
            session.execute(delete(ContactPoint).where(ContactPoint.client_id == client_id))
            add_points(session, client_id, facts)
            place = (client_id, ready.topic_id, "email")
            state = session.get(ConsentState, place)
            if facts["standing"] is None and state is not None:
                session.delete(state)
            elif facts["standing"] is not None:
                say(session, place, facts)


def add_points(session, client_id, facts) -> None:
    for state in facts["points"]:
        address = f"{new_id().hex}@mail.example"
        point = ContactPoint(id=new_id(), client_id=client_id, channel="email", kind="email", state=state)
        point.address, point.address_index = address, index_of(address)
        session.add(point)
        if facts["suppressed"]:
            suppress(session, "email", address, SuppressionReason.MANUAL, source="page", actor=SYSTEM)


def say(session, place, facts) -> None:
    client_id, topic_id, channel = place
    state = session.get(ConsentState, place)
    if state is None:
        event_id = session.scalar(event_of(client_id))
        state = ConsentState(
            client_id=client_id, topic_id=topic_id, channel=channel, event_id=event_id, since=utc_now()
        )
        session.add(state)
    state.state = facts["standing"]
    state.expires_at = None if facts["ends"] is None else utc_now() + facts["ends"]


def event_of(client_id):
    return select(ConsentEvent.id).where(ConsentEvent.client_id == client_id, ConsentEvent.event == Happening.WITHDRAWN)


def answers(session, ready) -> dict[uuid.UUID, tuple[uuid.UUID, Reason, Answer]]:
    text = session.get_one(MessageTemplateVersion, ready.version_id)
    subjects = []
    for client_id in ready.people:
        if point := usable_points(session, client_id).get("email"):
            later = utc_now() + HOUR
            about = (ready.topic_id, "email", ready.version_id, text.content_hash, later)
            subjects.append(Subject(client_id, client_id, point.id, *about))
    known = facts_of(session, subjects, lambda *_: [])
    verdicts = {one.key: (one.contact_point_id, decide(known[one.key].facts, utc_now())) for one in subjects}
    return {key: (point, verdict.reason, verdict.answer) for key, (point, verdict) in verdicts.items()}


@settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(TOPIC, st.lists(ONE, min_size=PEOPLE, max_size=PEOPLE))
def test_the_audience_is_what_the_gate_lets_through_or_more(ready, topic, people):
    set_up(ready, topic, people)
    session = db.session()
    session.expire_all()
    found = dict(session.execute(audience(ready.topic_id, "email")).all())
    said = answers(session, ready)
    let_through = {key: point for key, (point, _, answer) in said.items() if answer is not Answer.REFUSE}
    assert let_through.items() <= found.items()
    # It is looser only by what no column knows: the suppression list.
    looser = {said[key][1] for key in found.keys() - let_through.keys()}
    assert looser <= {Reason.SUPPRESSED}
    assert session.scalar(count_audience(ready.topic_id, "email")) == len(found)


def test_an_audience_is_one_statement_on_the_channel_that_is_asked(ready):
    everybody = [{"state": "active", "points": ["usable", "usable"], "standing": "granted", "ends": None}] * PEOPLE
    set_up(ready, {"state": "open", "legal_basis": "consent", "topic_class": "marketing"}, [
        {**one, "suppressed": False} for one in everybody
    ])  # fmt: skip
    assert db.session.scalar(count_audience(ready.topic_id, "email")) == PEOPLE
    assert db.session.scalar(count_audience(ready.topic_id, "sms")) == 0
    assert db.session.scalar(count_audience(uuid.uuid4(), "email")) == 0
