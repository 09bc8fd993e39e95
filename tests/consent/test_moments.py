"""What counted at a moment before: on the page, on the command line, and each look in the log."""

import json
from datetime import UTC, timedelta

import pytest
import time_machine
from portal.audit.models import AuditEntry
from portal.clients.rules import client_number
from portal.consent.models import ConsentEvidence, Method
from portal.consent.operations import record_consent, request_consent, withdraw
from portal.consent.queries import state_at
from portal.db import new_id, utc_now
from sqlalchemy import select

from tests.consent.conftest import READER, STAFF, agree


@pytest.fixture
def history(session, maria, topic, wording):
    """Agreed at noon, withdrew two hours later, and a consent on paper of the morning came in after that."""
    noon = utc_now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=10)
    with time_machine.travel(noon, tick=False):
        agree(maria, topic, wording)
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    with time_machine.travel(noon + timedelta(hours=5), tick=False):
        facts = {"occurred_at": noon - timedelta(hours=4)}
        record_consent(maria.id, topic.id, "sms", wording.id, Method.PAPER, "Card 9", STAFF, **facts)
    session.commit()
    return noon


STOOD = [
    (-0.001, {}),
    (0, {"email": "granted"}),
    (1.99, {"email": "granted"}),
    (2, {"email": "withdrawn"}),
    (4.99, {"email": "withdrawn"}),
    (5, {"email": "withdrawn", "sms": "granted"}),
]


@pytest.mark.parametrize(("hours", "stood"), STOOD)
def test_an_event_counts_from_when_it_was_written_down(session, maria, history, hours, stood):
    found = state_at(session, maria.id, history + timedelta(hours=hours))
    assert {channel: str(now.state) for (_, channel), now in found.items()} == stood


def test_what_had_ended_by_then_had_ended_whatever_was_written(session, maria, topic, wording):
    ends = utc_now() + timedelta(days=3)
    agree(maria, topic, wording, expires_at=ends)
    request_consent(maria.id, topic.id, "sms", wording.id, Method.FORM, READER)
    places = (topic.id, "email"), (topic.id, "sms")
    for days, states in [(1, ("granted", "requested")), (3, ("expired", "requested")), (15, ("expired", "expired"))]:
        found = state_at(session, maria.id, utc_now() + timedelta(days=days))
        assert tuple(str(found[place].state) for place in places) == states
    assert found[places[0]].since == ends


def test_the_page_shows_the_matrix_of_a_moment_and_notes_the_look(session, as_viewer, maria, history):
    address = f"/clients/{maria.id}/consents"
    assert "What counted on" not in as_viewer.get(address).text
    page = as_viewer.get(f"{address}?at={history + timedelta(hours=1):%Y-%m-%dT%H:%M}").text
    assert "What counted on" in page
    assert page.count("Agreed</span>") == 1
    assert "counts from when it was written down" in page
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.view_state_at")).one()
    assert (entry.subject_refs, entry.access_type, entry.actor_kind) == ([str(maria.id)], "view", "staff")
    assert entry.reason.startswith("as of ")


def test_a_moment_that_is_none_or_still_to_come_is_refused_in_words(session, as_viewer, maria, topic):
    session.commit()
    address = f"/clients/{maria.id}/consents"
    for typed, words in [("soon", "Enter a date and a time"), ("2999-01-01T00:00", "Choose a moment that has passed")]:
        answer = as_viewer.get(f"{address}?at={typed}")
        assert (answer.status_code, words in answer.text) == (422, True)
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.view_state_at")).all() == []


def test_before_there_was_a_topic_the_page_says_so(session, as_viewer, maria):
    session.commit()
    page = as_viewer.get(f"/clients/{maria.id}/consents?at={utc_now() - timedelta(hours=3):%Y-%m-%dT%H:%M}").text
    assert "There is no topic" in page


@pytest.fixture
def run(isolation, session):
    return lambda *args: isolation.test_cli_runner().invoke(args=["consent", "state", *args])


def test_the_command_answers_for_a_number_or_an_id(session, run, maria, history):
    moment = (history + timedelta(hours=3)).isoformat()
    for client in (client_number(maria.number), str(maria.id)):
        answer = run(client, "--at", moment)
        assert answer.exit_code == 0
        assert f"{client_number(maria.number)} at {moment} (UTC), as the portal knew it then:" in answer.stdout
        assert "news-and-offers by email: withdrawn since" in answer.stdout
    looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.view_state_at")).all()
    assert [look.actor_kind for look in looks] == ["command", "command"]


def test_the_command_answers_in_json_of_now_and_of_before_anything_was_said(run, maria, history):
    stood = json.loads(run(str(maria.id), "--json").stdout)["places"]
    assert [(one["channel"], one["state"]) for one in stood] == [("email", "withdrawn"), ("sms", "granted")]
    before = run(str(maria.id), "--at", (history - timedelta(days=1)).astimezone(UTC).isoformat())
    assert "nothing was said yet" in before.stdout


def test_a_moment_without_zone_is_taken_as_utc_and_that_is_said(run, maria, history):
    answer = run(str(maria.id), "--at", history.replace(tzinfo=None).isoformat())
    assert "taken as UTC" in answer.stderr
    assert "granted since" in answer.stdout


def test_the_command_says_what_it_cannot_answer(session, run, maria, topic, wording):
    session.commit()
    for client in (str(new_id()), "C-999999", "Maria"):
        assert (run(client).exit_code, f"no client {client}" in run(client).stderr) == (1, True)
    for moment, words in [("soon", "is no moment"), ("2999-01-01T00:00Z", "has passed")]:
        answer = run(str(maria.id), "--at", moment)
        assert (answer.exit_code, words in answer.stderr) == (2, True)
    agree(maria, topic, wording)
    row = session.scalars(select(ConsentEvidence)).one()
    row.evidence = '{"note": "Signed"}'
    session.commit()
    answer = run(str(maria.id))
    assert (answer.exit_code, "This ledger was changed." in answer.stderr) == (1, True)


def test_without_its_tables_the_command_says_that_it_cannot_answer(own_app, own_database):
    with own_database.connect("postgres") as connection:
        connection.execute("ALTER TABLE client RENAME TO elsewhere")
    answer = own_app.test_cli_runner().invoke(args=["consent", "state", "C-000001"])
    assert (answer.exit_code, "see flask database verify" in answer.stderr) == (2, True)
