"""The ledger: what may be written, that it stays, and that what counts now follows from it."""

import threading
from datetime import timedelta

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import ClientState
from portal.consent.models import ConsentEvent, ConsentEvidence, ConsentState, LegalBasis, Method, TopicClass
from portal.consent.operations import add_wording, make_topic, record_consent, withdraw
from portal.consent.queries import check_ledger, consent_states, list_events
from portal.consent.rules import ConsentRefused
from portal.consent.rules.evidence import note_of
from portal.consent.rules.standing import fold, following
from portal.db import db, transaction, utc_now
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.consent.conftest import READER, STAFF, agree, some_client, some_topic


def standing(session, maria, topic) -> str:
    place = (maria.id, topic.id, "email")
    return consent_states(session, [place])[place]


def test_a_consent_counts_at_once_with_its_wording_evidence_and_audit_row(session, maria, topic, wording):
    assert standing(session, maria, topic) == "none"
    event = agree(maria, topic, wording)
    session.commit()
    assert standing(session, maria, topic) == "granted"
    kept = session.scalars(select(ConsentEvidence).where(ConsentEvidence.event_id == event.id)).one()
    assert note_of(kept.evidence) == "Call of 3 March"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.grant")).one()
    assert (entry.object_id, entry.subject_refs) == (str(event.id), [str(maria.id)])
    assert check_ledger(session, maria.id) == check_ledger(session) == []


def test_a_withdrawal_repeated_keeps_the_first_date(session, maria, topic, wording):
    agree(maria, topic, wording)
    first = withdraw(maria.id, topic.id, "email", Method.ONE_CLICK, READER)
    again = withdraw(maria.id, topic.id, "email", Method.STAFF, STAFF, evidence="Called")
    assert again is first
    assert standing(session, maria, topic) == "withdrawn"
    assert [event.seq for event, _ in list_events(maria.id)] == [2, 1]
    assert fold([first, first])[topic.id, "email"].since == first.occurred_at


def test_what_was_never_agreed_to_can_be_withdrawn(session, maria, topic):
    event = withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    assert (event.seq, standing(session, maria, topic)) == (1, "withdrawn")
    assert following(None, event).state == "withdrawn"


def test_a_clients_network_is_kept_cut_short_and_never_that_of_staff(session, maria, topic, wording):
    agree(maria, topic, wording)
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    texts = [evidence.evidence for _, evidence in list_events(maria.id)]
    assert texts == ['{"network": "203.0.113.0/24"}', '{"note": "Call of 3 March"}']


def test_only_a_consent_given_afterwards_lifts_a_withdrawal(session, maria, topic, wording):
    agree(maria, topic, wording)
    gone = withdraw(maria.id, topic.id, "email", Method.ONE_CLICK, READER)
    for moment in (gone.occurred_at, gone.occurred_at - timedelta(days=1)):
        with pytest.raises(ConsentRefused, match="older than the withdrawal"):
            agree(maria, topic, wording, occurred_at=moment)
    agree(maria, topic, wording)
    assert standing(session, maria, topic) == "granted"


def test_a_consent_without_proof_is_refused(session, maria, topic, wording):
    other = add_wording(some_topic("Events")[0].id, "en", "Yes.", STAFF)
    cases = [
        (None, Method.FORM, "Form 12", "wording"),
        (wording.id, Method.IMPORT, "  ", "where the proof"),
        (other.id, Method.FORM, "Form 12", "another topic"),
        (topic.id, Method.FORM, "Form 12", "another topic"),
    ]
    for wording_id, method, evidence, words in cases:
        with pytest.raises(ConsentRefused, match=words):
            record_consent(maria.id, topic.id, "email", wording_id, method, evidence, STAFF)
    with pytest.raises(ConsentRefused, match="future"):
        agree(maria, topic, wording, occurred_at=utc_now() + timedelta(hours=1))
    assert list_events(maria.id) == []


def test_a_contract_needs_no_wording_and_its_form_no_note(session, maria):
    topic = make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, STAFF)
    event = record_consent(maria.id, topic.id, "email", None, Method.FORM, "", STAFF)
    assert event.evidence_digest is None
    assert list_events(maria.id) == [(event, None)]
    assert check_ledger(session) == []


def test_a_client_who_is_not_active_agrees_to_nothing_but_may_withdraw(session, maria, topic, wording):
    maria.state = ClientState.RESTRICTED
    with pytest.raises(ConsentRefused, match="not active"):
        agree(maria, topic, wording)
    withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    assert standing(session, maria, topic) == "withdrawn"


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE consent_event SET event = 'granted'",
        "DELETE FROM consent_event",
        "TRUNCATE consent_event CASCADE",
        "UPDATE topic_wording SET text = 'Everything, always'",
        "UPDATE client SET source = 'demo'",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_agreed(own_app, own_database, harm):
    with own_app.app_context(), transaction():
        agree(some_client(), *some_topic())
    for role in ("heedful_app", "heedful_owner", "postgres"):
        with own_database.connect(role) as connection, pytest.raises(Exception, match=r"append-only|never|denied"):
            connection.execute(harm)


def test_a_wording_that_somebody_agreed_to_cannot_go(session, maria, topic, wording):
    agree(maria, topic, wording)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("DELETE FROM topic_wording"))


def test_the_applications_role_may_only_read_and_add_events(session):
    rights = session.scalars(
        text(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE table_name = 'consent_event' AND grantee = 'heedful_app'"
        )
    )
    assert set(rights) == {"SELECT", "INSERT"}


def test_evidence_is_sealed_in_the_database(session, maria, topic, wording):
    agree(maria, topic, wording)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE consent_evidence SET evidence = 'Call'::bytea"))


def test_writers_of_one_client_wait_for_each_other(own_app):
    with own_app.app_context(), transaction():
        maria, topics = some_client(), [some_topic(f"Topic {number}")[0] for number in range(6)]
        ids = [topic.id for topic in topics]

    def stop(topic_id) -> None:
        with own_app.app_context(), transaction():
            withdraw(maria.id, topic_id, "email", Method.LINK, READER)

    threads = [threading.Thread(target=stop, args=[topic_id]) for topic_id in ids * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert db.session.query(ConsentEvent).count() == db.session.query(ConsentState).count() == 6
        assert check_ledger(db.session()) == []


HARMS = [
    ("UPDATE consent_event SET method = 'paper' WHERE seq = 1", 1, "was changed"),
    ("DELETE FROM consent_event WHERE seq = 2", 2, "Event 2 is missing"),
    ("UPDATE consent_event SET prev = mac WHERE seq = 2", 2, "does not follow"),
    ("UPDATE consent_event SET key_id = key_id + 99 WHERE seq = 3", 3, "was changed"),
    ("UPDATE consent_state SET state = 'withdrawn'", 3, "does not follow from the 3 events"),
    ("DELETE FROM consent_event WHERE seq = 3", 2, "does not follow from the 2 events"),
    ("UPDATE consent_event SET evidence_digest = NULL WHERE seq = 1", 1, "was changed"),
]


@pytest.mark.parametrize(("harm", "seq", "words"), HARMS)
def test_the_check_finds_what_somebody_with_the_database_in_hand_changed(own_app, own_database, harm, seq, words):
    with own_app.app_context(), transaction() as session:
        maria, (topic, wording) = some_client(), some_topic()
        agree(maria, topic, wording)
        withdraw(maria.id, topic.id, "email", Method.LINK, READER)
        agree(maria, topic, wording)
        session.commit()
        with own_database.connect("postgres") as connection:
            connection.execute("ALTER TABLE consent_event DISABLE TRIGGER ALL")
            connection.execute("ALTER TABLE consent_state DISABLE TRIGGER ALL")
            connection.execute("ALTER TABLE consent_evidence DISABLE TRIGGER ALL")
            connection.execute(harm)
        session.expire_all()
        found = check_ledger(session)
        assert [(one.client_id, one.seq) for one in found] == [(maria.id, seq)]
        assert words in found[0].text


def test_the_check_finds_evidence_that_was_exchanged(session, maria, topic, wording):
    event = agree(maria, topic, wording)
    row = session.scalars(select(ConsentEvidence)).one()
    row.evidence = '{"note": "Signed by hand"}'
    session.flush()
    assert [one.text for one in check_ledger(session)] == [
        f"The evidence of event {event.seq} is not what was written."
    ]
    session.delete(row)
    session.flush()
    assert check_ledger(session) == []


def test_evidence_that_cannot_be_read_says_so():
    assert note_of("cannot be decrypted") == "cannot be decrypted"
