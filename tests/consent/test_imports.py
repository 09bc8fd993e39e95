"""Consents of a file: which count, that none speaks against a person's own no, and how many statements it takes."""

from datetime import timedelta

import pytest
import time_machine
from portal.audit.models import AuditEntry
from portal.clients.models import ClientState
from portal.consent.models import ConsentEvent, LegalBasis, Method, Standing, TopicClass
from portal.consent.operations import (
    add_wording,
    change_topic,
    expire_due,
    import_consents,
    make_topic,
    refuse_consent,
    request_consent,
    withdraw,
)
from portal.consent.queries import check_ledger, consent_states, list_events
from portal.consent.rules import ImportedConsent, ImportOutcome
from portal.consent.rules.topics import TopicChange
from portal.db import new_id, utc_now
from sqlalchemy import event as happening
from sqlalchemy import select

from tests.consent.conftest import READER, STAFF, agree, some_client, some_topic

LONG_AGO = timedelta(days=400)


@pytest.fixture
def row(maria, topic, wording):
    def row(**change) -> ImportedConsent:
        facts = {"client_id": maria.id, "topic_id": topic.id, "channel": "email", "wording_id": wording.id}
        facts |= {"source": "Old shop, newsletter form", "occurred_at": utc_now() - LONG_AGO}
        return ImportedConsent(**facts | change)

    return row


def taken(session, *rows) -> dict[str, int]:
    return dict(import_consents(session, rows, STAFF))


def standing(session, row) -> str:
    place = (row.client_id, row.topic_id, row.channel)
    return consent_states(session, [place])[place]


def test_a_consent_of_a_file_counts_with_its_source_wording_and_date(session, row):
    one = row()
    assert taken(session, one) == {ImportOutcome.TAKEN: 1}
    event, evidence = list_events(one.client_id)[0]
    assert (event.event, event.method, event.source_name, event.wording_id, evidence) == (
        "imported",
        "import",
        "Old shop, newsletter form",
        one.wording_id,
        None,
    )
    assert (event.occurred_at, standing(session, one)) == (one.occurred_at, Standing.GRANTED)
    assert taken(session, one) == {ImportOutcome.KNOWN: 1}
    assert check_ledger(session) == []


@pytest.mark.parametrize("say_no", [withdraw, refuse_consent])
@pytest.mark.parametrize("days", [-400, 0, 1])
def test_no_file_lifts_a_persons_own_no(session, row, say_no, days):
    say_no(row().client_id, row().topic_id, "email", Method.LINK, READER)
    one = row(occurred_at=utc_now() + timedelta(days=days), confirmed=True)
    assert taken(session, one) == {ImportOutcome.OPTED_OUT: 1}
    assert standing(session, one) in {Standing.WITHDRAWN, Standing.REFUSED}
    assert len(list_events(one.client_id)) == 1


def test_a_row_that_proves_nothing_is_left_out_and_says_why(session, row, topic):
    _, other = some_topic("Events")
    cases = [
        ({"wording_id": None}, ImportOutcome.NO_WORDING),
        ({"wording_id": other.id}, ImportOutcome.NO_WORDING),
        ({"topic_id": new_id()}, ImportOutcome.NO_WORDING),
        ({"source": "  "}, ImportOutcome.NO_SOURCE),
        ({"occurred_at": utc_now() + timedelta(hours=1)}, ImportOutcome.NO_DATE),
        ({"client_id": new_id()}, ImportOutcome.NOT_ACTIVE),
    ]
    for change, outcome in cases:
        assert taken(session, row(**change)) == {outcome: 1}
    assert list_events(row().client_id) == []


def test_a_client_who_is_not_active_takes_nothing(session, row, maria):
    maria.state = ClientState.RESTRICTED
    session.flush()
    assert taken(session, row()) == {ImportOutcome.NOT_ACTIVE: 1}


def test_a_topic_with_double_opt_in_takes_only_what_was_confirmed_there(session, row, topic):
    change_topic(topic, TopicChange(topic.name, double_opt_in=True), STAFF)
    assert taken(session, row()) == {ImportOutcome.NOT_CONFIRMED: 1}
    assert taken(session, row(confirmed=True)) == {ImportOutcome.TAKEN: 1}


def test_existing_customers_of_a_file_need_a_country_that_allows_it(session, row, maria):
    topic = make_topic("Similar goods", TopicClass.MARKETING, LegalBasis.SOFT_OPT_IN, STAFF)
    wording = add_wording(topic.id, "en", "You can object.", STAFF)
    one = row(topic_id=topic.id, wording_id=wording.id)
    assert taken(session, one) == {ImportOutcome.NOT_ALLOWED: 1}
    maria.country = "PT"
    session.flush()
    assert taken(session, one) == {ImportOutcome.TAKEN: 1}


def test_what_has_ended_is_taken_again_only_when_it_was_said_afterwards(session, row, maria, topic, wording):
    agree(maria, topic, wording, expires_at=utc_now() + timedelta(hours=1))
    with time_machine.travel(utc_now() + timedelta(hours=2)):
        assert taken(session, row()) == {ImportOutcome.ENDED: 1}
        expire_due(session)
        assert taken(session, row()) == {ImportOutcome.ENDED: 1}
        assert taken(session, row(occurred_at=utc_now())) == {ImportOutcome.TAKEN: 1}


def test_a_request_that_waits_does_not_stand_in_the_way(session, row, maria, topic, wording):
    request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER)
    assert taken(session, row(), row()) == {ImportOutcome.TAKEN: 1, ImportOutcome.KNOWN: 1}
    assert standing(session, row()) == Standing.GRANTED


def test_many_rows_take_as_many_statements_as_few_and_one_entry_for_each_hundred(session, row):
    clients = [some_client(f"person{number}@rivertown.example") for number in range(150)]
    session.commit()
    ran, counts = [], []
    happening.listen(session.connection(), "before_cursor_execute", lambda *facts: ran.append(facts[2]))
    for some in (clients[:10], clients[10:]):
        ran.clear()
        assert taken(session, *[row(client_id=one.id) for one in some]) == {ImportOutcome.TAKEN: len(some)}
        counts.append(len(ran))
        session.commit()
    assert counts[1] <= 3 * counts[0] <= 60
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.import").order_by(AuditEntry.seq))
    assert [len(entry.subject_refs) for entry in entries] == [10, 100, 40]
    assert session.query(ConsentEvent).count() == 150
    assert check_ledger(session) == []
