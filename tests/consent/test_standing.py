"""Where a client stands after each kind of event, when it lapses, and which side is stricter: tables of cases."""

from datetime import UTC, datetime, timedelta

import pytest
from portal.consent.models import ConsentEvent, Happening, Standing
from portal.consent.rules.standing import REQUEST_WAITS, STRICTNESS, Now, fold, following, is_stricter, lapsed
from portal.db import new_id

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPIC = new_id()


def happened(event: str, day: int, **facts) -> ConsentEvent:
    moment = START + timedelta(days=day)
    about = {"topic_id": TOPIC, "channel": "email", "occurred_at": moment, "recorded_at": moment}
    return ConsentEvent(id=new_id(), event=event, **about | facts)


def after(*events: ConsentEvent) -> Now:
    return fold(events)[TOPIC, "email"]


SEQUENCES = [
    (["granted"], "granted", 0),
    (["requested"], "requested", 0),
    (["requested", "confirmed"], "granted", 1),
    (["requested", "requested"], "requested", 1),
    (["imported"], "granted", 0),
    (["granted", "renewed"], "granted", 1),
    (["granted", "requested"], "granted", 0),
    (["granted", "withdrawn"], "withdrawn", 1),
    (["granted", "refused"], "refused", 1),
    (["withdrawn", "withdrawn"], "withdrawn", 0),
    (["refused", "refused"], "refused", 0),
    (["withdrawn", "refused"], "withdrawn", 0),
    (["refused", "withdrawn"], "withdrawn", 1),
    (["withdrawn", "requested"], "withdrawn", 0),
    (["refused", "requested"], "refused", 0),
    (["withdrawn", "requested", "confirmed"], "granted", 2),
    (["withdrawn", "imported"], "withdrawn", 0),
    (["refused", "imported"], "refused", 0),
    (["withdrawn", "renewed"], "withdrawn", 0),
    (["withdrawn", "granted"], "granted", 1),
    (["granted", "withdrawn", "granted", "refused"], "refused", 3),
    (["expired"], "expired", 0),
]


@pytest.mark.parametrize(("events", "state", "day"), SEQUENCES)
def test_events_in_order_say_where_a_client_stands_and_since_when(events, state, day):
    now = after(*[happened(event, number) for number, event in enumerate(events)])
    assert (now.state, now.since) == (state, START + timedelta(days=day))


def test_a_consent_older_than_the_no_lifts_nothing():
    assert after(happened("withdrawn", 5), happened("granted", 5)).state == "withdrawn"
    assert after(happened("withdrawn", 5), happened("granted", 4)).state == "withdrawn"
    assert after(happened("withdrawn", 5), happened("granted", 6)).state == "granted"


def test_a_no_ends_what_waited_and_a_request_that_changes_nothing_still_waits():
    withdrawn, asked = happened("withdrawn", 0), happened("requested", 1)
    now = after(withdrawn, asked)
    assert (now.event_id, now.pending_id, now.pending_until) == (
        withdrawn.id,
        asked.id,
        START + timedelta(days=1) + REQUEST_WAITS,
    )
    assert after(withdrawn, asked, happened("withdrawn", 2)) == after(withdrawn)


def test_an_end_ends_only_what_it_refers_to():
    granted = happened("granted", 0, expires_at=START + timedelta(days=9))
    asked = happened("requested", 1)
    both = after(granted, asked)
    assert following(both, happened("expired", 9, refers_to_id=new_id())) == both
    ended = happened("expired", 9, refers_to_id=granted.id)
    now = following(both, ended)
    assert (now.state, now.event_id, now.expires_at, now.pending_id) == ("expired", ended.id, None, asked.id)
    only_asked = following(both, happened("expired", 15, refers_to_id=asked.id))
    assert (only_asked.state, only_asked.event_id, only_asked.pending_id) == ("granted", granted.id, None)
    waited = following(after(asked), happened("expired", 15, refers_to_id=asked.id))
    assert (waited.state, waited.pending_id) == ("expired", None)
    assert following(after(happened("withdrawn", 2)), ended).state == "withdrawn"


def test_what_is_carried_over_holds_only_where_it_is_stricter():
    for here, carried in [(one, two) for one in STRICTNESS[1:] for two in STRICTNESS[1:]]:
        before = Now(here, START, new_id())
        merged = happened("merged", 3, carried=str(carried))
        now = following(before, merged)
        assert now.state == (carried if is_stricter(carried, here) else here)
        assert (now.event_id == merged.id) is is_stricter(carried, here)


LAPSES = [
    ({"state": Standing.GRANTED}, 400, "granted"),
    ({"state": Standing.GRANTED, "expires_at": START + timedelta(days=9)}, 8, "granted"),
    ({"state": Standing.GRANTED, "expires_at": START + timedelta(days=9)}, 9, "expired"),
    ({"state": Standing.WITHDRAWN, "expires_at": START}, 9, "withdrawn"),
    ({"state": Standing.REQUESTED, "pending_until": START + timedelta(days=14)}, 13, "requested"),
    ({"state": Standing.REQUESTED, "pending_until": START + timedelta(days=14)}, 14, "expired"),
    ({"state": Standing.WITHDRAWN, "pending_until": START + timedelta(days=14)}, 15, "withdrawn"),
    ({"state": Standing.REQUESTED}, 15, "requested"),
]


@pytest.mark.parametrize(("facts", "day", "state"), LAPSES)
def test_what_was_given_for_a_time_ends_at_the_moment_itself(facts, day, state):
    now = Now(**{"since": START, "event_id": new_id()} | facts)
    assert lapsed(now, START + timedelta(days=day)).state == state


def test_every_happening_has_its_words_and_its_place_in_the_order():
    assert set(STRICTNESS) == set(Standing)
    assert [
        one for one in Happening if following(None, happened(one, 0, carried="granted" if one == "merged" else None))
    ]
