"""Two records of one person become one: the stricter side holds, and what was carried over says where it comes from."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine
from portal.clients.operations import merge_clients
from portal.config.channels import Channel
from portal.consent.contributions import follow_merge
from portal.consent.models import Method, Standing
from portal.consent.operations import (
    expire_due,
    merge_consents,
    refuse_consent,
    request_consent,
    withdraw,
    withdraw_everything,
)
from portal.consent.queries import check_ledger, consent_states, list_events
from portal.db import utc_now

from tests.consent.conftest import READER, STAFF, agree, some_client

ORDER = ["none", "requested", "granted", "expired", "refused", "withdrawn"]


@pytest.fixture
def say(session, topic, wording):
    def say(client, what):
        place = (client.id, topic.id, "email")
        if what == "requested":
            return request_consent(*place, wording.id, Method.FORM, READER)
        if what == "granted":
            return agree(client, topic, wording)
        if what == "expired":
            agree(client, topic, wording, expires_at=utc_now() + timedelta(hours=1))
            with time_machine.travel(utc_now() + timedelta(hours=2)):
                return expire_due(session)
        write = {"refused": refuse_consent, "withdrawn": withdraw}.get(what)
        return write(*place, Method.LINK, READER) if write else None

    return say


@pytest.mark.parametrize("here", ORDER)
@pytest.mark.parametrize("there", ORDER)
def test_the_stricter_side_holds(session, maria, topic, say, here, there):
    gone = some_client("maria.tavares@rivertown.example")
    say(maria, here)
    say(gone, there)
    carried = merge_consents(maria.id, gone.id, STAFF)
    place = (maria.id, topic.id, "email")
    assert consent_states(session, [place])[place] == max(here, there, key=ORDER.index)
    assert len(carried) == (ORDER.index(there) > ORDER.index(here))
    assert merge_consents(maria.id, gone.id, STAFF) == []
    assert check_ledger(session) == []


def test_a_consent_that_is_carried_over_keeps_its_proof_and_its_date(session, maria, topic, wording):
    gone = some_client("maria.tavares@rivertown.example")
    original = agree(gone, topic, wording)
    event = merge_consents(maria.id, gone.id, STAFF)[0]
    kept = ("wording_id", "contact_point_id", "contact_point_hmac", "occurred_at", "statement_sha256")
    assert [getattr(event, name) for name in kept] == [getattr(original, name) for name in kept]
    assert (event.event, event.method, event.carried, event.refers_to_id) == (
        "merged",
        "merge",
        "granted",
        original.id,
    )
    assert [one.event for one, _ in list_events(gone.id)] == ["granted"]


def test_clients_who_are_joined_take_their_no_along(session, maria, topic):
    gone = some_client("maria.tavares@rivertown.example")
    withdraw(gone.id, topic.id, "email", Method.LINK, READER)
    said = merge_clients(maria.id, gone.id, [follow_merge], STAFF)
    assert "1 answer about topics taken over, the stricter one of each" in said
    place = (maria.id, topic.id, "email")
    assert consent_states(session, [place])[place] == Standing.WITHDRAWN
    assert follow_merge(maria.id, gone.id, STAFF) == ["0 answers about topics taken over, the stricter one of each"]


def test_everything_is_stopped_but_what_the_law_demands(session, maria, topic, wording, other_topics):
    agree(maria, topic, wording)
    events = withdraw_everything(maria.id, Method.PREFERENCE_CENTRE, READER)
    # On every channel, so that an address that comes later finds the no there.
    topics = topic.id, other_topics["transactional"].id
    assert {(event.topic_id, event.channel) for event in events} == set(product(topics, Channel))
    assert withdraw_everything(maria.id, Method.PREFERENCE_CENTRE, READER) == []
    assert check_ledger(session) == []


def test_one_channel_is_stopped_for_marketing_alone(session, maria, topic, other_topics):
    (point,) = maria.contact_points
    facts = {"channel": "sms", "classes": ["marketing"], "contact_point_id": point.id}
    events = withdraw_everything(maria.id, Method.SMS_KEYWORD, READER, **facts)
    assert [(event.topic_id, event.channel, event.contact_point_id) for event in events] == [(topic.id, "sms", None)]
    by_mail = withdraw_everything(maria.id, Method.LINK, READER, channel="email", contact_point_id=point.id)
    assert {event.contact_point_id for event in by_mail} == {point.id}
