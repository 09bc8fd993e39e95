"""What ends by itself: at the moment for the gate, and in the ledger soon after."""

from datetime import timedelta

import time_machine
from portal.consent.jobs import expire
from portal.consent.models import Method, Standing
from portal.consent.operations import expire_due, request_consent, withdraw
from portal.consent.queries import check_ledger, consent_states, list_events
from portal.db import utc_now
from portal.queue.periodic import PERIODIC

from tests.consent.conftest import READER, agree, some_client


def standing(session, maria, topic) -> str:
    place = (maria.id, topic.id, "email")
    return consent_states(session, [place])[place]


def test_a_consent_for_a_time_ends_for_the_gate_at_once_and_in_the_ledger_after(session, maria, topic, wording):
    ends = utc_now() + timedelta(days=30)
    granted = agree(maria, topic, wording, expires_at=ends)
    assert (expire_due(session), standing(session, maria, topic)) == (0, Standing.GRANTED)
    with time_machine.travel(ends + timedelta(seconds=1)):
        assert standing(session, maria, topic) == Standing.EXPIRED
        assert (expire_due(session), expire_due(session)) == (1, 0)
        event = list_events(maria.id)[0][0]
        assert (event.event, event.method, event.refers_to_id, event.occurred_at) == (
            "expired",
            "system",
            granted.id,
            ends,
        )
    assert check_ledger(session) == []


def test_a_request_nobody_confirms_ends_after_14_days_beside_whatever_stands(session, maria, topic, wording):
    joao = some_client("joao@rivertown.example")
    withdraw(joao.id, topic.id, "email", Method.LINK, READER)
    for client in (maria, joao):
        request_consent(client.id, topic.id, "email", wording.id, Method.FORM, READER)
    with time_machine.travel(utc_now() + timedelta(days=14, seconds=1)):
        expire(session)
        assert expire_due(session) == 0
    assert [standing(session, one, topic) for one in (maria, joao)] == [Standing.EXPIRED, Standing.WITHDRAWN]
    assert [list_events(one.id)[0][0].event for one in (maria, joao)] == ["expired", "expired"]
    assert check_ledger(session) == []


def test_the_ticker_knows_the_task(app):
    assert PERIODIC["consent.expire_due"].function is expire
