"""What the send gate asks: standing, topics and the suppression list, for many at once."""

import threading

from portal.audit.models import AuditEntry
from portal.clients.models import ContactPoint
from portal.consent.models import Method, Standing, Suppression, TopicState
from portal.consent.operations import change_topic_state, suppress_address, withdraw
from portal.consent.operations.suppression import suppress
from portal.consent.queries import TopicFacts, consent_states, suppressed, topic_facts
from portal.crypto.keyring import forget_rings, ring
from portal.crypto.lifecycle import activate, create_key
from portal.crypto.purposes import Purpose
from portal.db import new_id, new_session, transaction
from sqlalchemy import delete, select, text

from tests.consent.conftest import READER, STAFF, agree, some_client


def point_of(session, maria) -> ContactPoint:
    return session.scalars(select(ContactPoint).where(ContactPoint.client_id == maria.id)).one()


def test_standings_are_answered_for_many_places_at_once(session, maria, topic, wording):
    agree(maria, topic, wording)
    joao = some_client("joao@rivertown.example")
    withdraw(joao.id, topic.id, "email", Method.LINK, READER)
    places = [(maria.id, topic.id, "email"), (joao.id, topic.id, "email"), (maria.id, topic.id, "sms")]
    answers = consent_states(session, places)
    assert [answers[place] for place in places] == [Standing.GRANTED, Standing.WITHDRAWN, Standing.NONE]
    assert consent_states(session, []) == {}


def test_a_topic_that_is_closed_or_unknown_is_not_open(session, topic):
    unknown = new_id()
    assert topic_facts(session, [topic.id, unknown]) == {
        topic.id: TopicFacts(is_open=True, consent_needed=True),
        unknown: TopicFacts(is_open=False, consent_needed=True),
    }
    change_topic_state(topic, TopicState.CLOSED, STAFF)
    assert not topic_facts(session, [topic.id])[topic.id].is_open
    assert topic_facts(session, []) == {}


def test_a_bounced_address_is_suppressed_once_and_however_it_is_written(session, maria):
    point = point_of(session, maria)
    assert suppress_address(session, point.id, "5.1.1 to maria@rivertown.example")
    assert not suppress_address(session, point.id, "5.1.1")
    asked = {
        1: ("email", " MARIA@Rivertown.EXAMPLE"),
        2: ("email", "joao@rivertown.example"),
        3: ("sms", "+351 912 345 678"),
        4: ("email", "no address"),
    }
    assert suppressed(session, asked) == {1, 4}
    assert suppressed(session, {}) == set()
    row = session.scalars(select(Suppression)).one()
    assert (row.reason, row.source, len(row.address_hash)) == ("bounced", "5.1.1 to [address]", 32)
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.suppress")).one()
    assert entry.subject_refs == [str(maria.id)]


def test_one_telephone_is_suppressed_on_the_channel_it_was_said_for(session):
    assert suppress(session, "sms", "+351912345678", "opted_out", source="STOP", actor=STAFF)
    assert suppressed(session, {1: ("sms", "00351 912 345 678"), 2: ("whatsapp", "+351912345678")}) == {1}


def test_an_address_that_is_gone_needs_no_suppression(session, maria):
    point = point_of(session, maria)
    session.execute(delete(ContactPoint))
    session.expunge(point)
    assert not suppress_address(session, point.id, "5.1.1")


def test_the_pump_suppresses_on_a_session_of_its_own(own_app):
    with own_app.app_context():
        with transaction() as session:
            point = point_of(session, some_client())
        with new_session() as own:
            assert suppress_address(own, point.id, "5.1.1")
            own.commit()
        assert session.scalar(select(AuditEntry.action).order_by(AuditEntry.seq.desc())) == "consent.suppress"
        assert suppressed(session, {1: ("email", point.address)}) == {1}


def test_two_who_suppress_the_same_address_at_once_write_one_row(own_app, own_database):
    answers = []
    with own_app.app_context(), transaction() as session:
        point = point_of(session, some_client())

    def suppress_too() -> None:
        with own_app.app_context(), new_session() as other:
            answers.append(suppress_address(other, point.id, "5.1.1"))

    second = threading.Thread(target=suppress_too)
    with own_app.app_context(), new_session() as one:
        assert suppress_address(one, point.id, "5.1.1")
        second.start()
        with own_database.connect("postgres") as watcher:
            while not watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                second.join(0.01)
        one.commit()
    second.join()
    assert answers == [False]


def test_an_address_suppressed_under_an_old_key_is_still_found(own_app):
    with own_app.app_context():
        with transaction() as session:
            point = point_of(session, some_client())
            suppress_address(session, point.id, "5.1.1")
        with transaction() as session:
            session.execute(text("DELETE FROM crypto_ring_ack"))
            key = create_key(session, Purpose.SUPPRESSION)
            activate(session, key.id)
        forget_rings()
        assert len(ring().macs(Purpose.SUPPRESSION, b"")) == 2
        with transaction() as session:
            assert suppressed(session, {1: ("email", point.address)}) == {1}
            assert not suppress_address(session, point.id, "5.1.1")
            assert suppress(session, "email", "joao@rivertown.example", "opted_out", source="page", actor=STAFF)
            assert set(session.scalars(select(Suppression.key_id))) == {
                key_id for key_id, _ in ring().macs(Purpose.SUPPRESSION, b"")
            }
