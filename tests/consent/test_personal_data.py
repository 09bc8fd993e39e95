"""What of consent is handed out, what an erasure takes, and what has to stay."""

from portal.audit.models import AuditEntry
from portal.clients.models import Source
from portal.clients.operations import add_client, merge_clients, remove_clients
from portal.clients.personal_data import erase_for as erase_client
from portal.clients.queries import find_client
from portal.clients.rules import NewPoint
from portal.consent.models import ConsentEvent, ConsentEvidence, ConsentState, Method, Topic
from portal.consent.operations import remove_demo_consents, remove_topics, withdraw
from portal.consent.operations.everything import withdraw_everything
from portal.consent.personal_data import erase_for, export_for
from portal.consent.queries import check_ledger, find_last_act, suppressed
from sqlalchemy import func, select

from tests.consent.conftest import READER, STAFF, agree, some_client, some_topic


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_a_person_is_told_everything_they_said_and_its_proof(session, maria, topic, wording):
    agree(maria, topic, wording)
    withdraw(maria.id, topic.id, "email", Method.ONE_CLICK, READER)
    withdraw(maria.id, topic.id, "sms", Method.STAFF, STAFF)
    events = export_for(maria.id)["consent"]
    assert [(one["event"], one["channel"], one["evidence"]) for one in events] == [
        ("granted", "email", "Call of 3 March"),
        ("withdrawn", "email", ""),
        ("withdrawn", "sms", ""),
    ]
    assert {one["topic"] for one in events} == {"News and offers"}


def test_an_erasure_takes_the_evidence_and_leaves_proof_and_peace(session, maria, topic, wording):
    agree(maria, topic, wording)
    assert erase_for(maria.id, STAFF)["consent_evidence"] == 1
    assert erase_client(maria.id, STAFF)["contact_point"] == 1
    session.commit()
    assert (count(session, ConsentEvidence), count(session, ConsentEvent)) == (0, 1)
    assert suppressed(session, {1: ("email", "maria@rivertown.example")}) == {1}
    assert check_ledger(session) == []
    assert erase_for(maria.id, STAFF)["consent_evidence"] == 0


def test_what_invented_clients_agreed_to_goes_with_them_and_nobody_elses(session, maria, topic, wording):
    invented = some_client("demo@rivertown.example", Source.DEMO)
    other, its_wording = some_topic("Demo news")
    agree(maria, topic, wording)
    agree(invented, other, its_wording)
    withdraw(invented.id, other.id, "email", Method.LINK, READER)
    session.commit()
    assert remove_demo_consents(STAFF) == 2
    session.expire_all()
    remove_clients([find_client(invented.id)], STAFF)
    remove_topics([other.id], STAFF)
    session.commit()
    assert [count(session, model) for model in (ConsentEvent, ConsentEvidence, ConsentState, Topic)] == [1, 1, 1, 1]
    actions = session.scalars(select(AuditEntry.action)).all()
    assert {"consent.remove_demo", "consent.remove_topic"} <= set(actions)


def test_the_evidence_of_whoever_was_merged_is_handed_out_and_goes_too(session, maria, topic, wording):
    kept = some_client("kept@rivertown.example")
    agree(maria, topic, wording)
    merge_clients(kept.id, maria.id, [], STAFF)
    session.commit()
    assert [one["evidence"] for one in export_for(kept.id)["consent"]] == ["Call of 3 March"]
    assert find_last_act(kept.id).client_id == maria.id
    assert erase_for(kept.id, STAFF)["consent_evidence"] == 1
    assert suppressed(session, {1: ("email", "maria@rivertown.example")}) == {1}


def test_a_whatsapp_identity_is_suppressed_and_a_number_without_a_country_is_no_obstacle(session, topic):
    points = [NewPoint("whatsapp", "DE.1349Ab"), NewPoint("sms", "0151 23456717")]
    client = add_client("Rui Vaz", "", "pt", "", STAFF, points=points, keep_raw=True)
    assert suppressed(session, {1: ("whatsapp", "DE.1349Ab")}) == set()
    erase_for(client.id, STAFF)
    asked = {1: ("whatsapp", "DE.1349Ab"), 2: ("whatsapp", "DE.1349aB"), 3: ("whatsapp", "+4915123456717")}
    assert suppressed(session, asked) == {1}
    assert find_last_act(client.id) is None


def test_who_withdraws_under_the_old_number_withdraws_for_the_kept_client(session, maria, topic, wording):
    kept = some_client("kept@rivertown.example")
    agree(kept, topic, wording)
    merge_clients(kept.id, maria.id, [], STAFF)
    assert withdraw(maria.id, topic.id, "email", Method.ONE_CLICK, READER).client_id == kept.id
    assert withdraw_everything(maria.id, Method.ONE_CLICK, READER, channel="email") == []
    states = select(ConsentState.client_id, ConsentState.state).where(ConsentState.channel == "email")
    assert [tuple(row) for row in session.execute(states)] == [(kept.id, "withdrawn")]
