"""Caps of marketing in rolling windows, counted at hand-over."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from portal.gate.rules import Answer, Cap, HandOver, Reason, Verdict, decide
from portal.gate.rules.facts import after
from portal.gate.rules.laws import legal_caps
from portal.gate.rules.zones import Home, place_of

from tests.gate.test_rules import FINE

NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
CLIENT, NEWS, EVENTS = (uuid.UUID(int=number) for number in (1, 2, 3))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = replace(FINE, deadline=NOW + 14 * DAY)


def handed(ago: timedelta, topic=NEWS, channel="sms") -> HandOver:
    return HandOver(uuid.uuid4(), CLIENT, topic, channel, NOW - ago)


def capped(limit, length, *ago, reason=Reason.TOPIC_CAP) -> Cap:
    return Cap(reason, limit, length).counting(handed(one) for one in ago)


@pytest.mark.parametrize(
    ("limit", "ago", "until"),
    [
        (1, [], None),
        (1, [7 * DAY], None),  # it leaves the window at this very moment
        (1, [7 * DAY - timedelta(microseconds=1)], timedelta(microseconds=1)),
        (1, [timedelta(0)], 7 * DAY),
        (2, [3 * DAY], None),
        (2, [3 * DAY, DAY], 4 * DAY),
        (2, [DAY, 3 * DAY, 6 * DAY], 4 * DAY),  # more than allowed once the cap was lowered: two must leave
        (3, [HOUR, 2 * HOUR, 8 * DAY], None),
    ],
)
def test_a_cap_is_full_until_enough_hand_overs_have_left_its_window(limit, ago, until):
    cap = capped(limit, 7 * DAY, *ago)
    assert cap.full_until(NOW) == (None if until is None else NOW + until)


def test_a_full_cap_makes_marketing_wait_for_room():
    facts = replace(LONG, caps=(capped(1, DAY, HOUR),))
    assert decide(facts, NOW) == Verdict(Answer.DEFER, Reason.TOPIC_CAP, NOW + 23 * HOUR)


def test_a_cap_that_frees_after_the_deadline_refuses():
    facts = replace(FINE, deadline=NOW + 23 * HOUR, caps=(capped(1, DAY, HOUR),))
    assert decide(facts, NOW) == Verdict(Answer.REFUSE, Reason.TOPIC_CAP)
    assert decide(facts, NOW).is_late


def test_of_several_full_caps_the_one_that_frees_last_counts():
    caps = (capped(1, DAY, HOUR), capped(2, 7 * DAY, HOUR, 2 * HOUR, reason=Reason.CLIENT_CAP))
    assert decide(replace(LONG, caps=caps), NOW) == Verdict(Answer.DEFER, Reason.CLIENT_CAP, NOW + 7 * DAY - 2 * HOUR)


def test_a_cap_counts_its_own_topic_and_channel():
    ledger = [handed(HOUR), handed(2 * HOUR, EVENTS), handed(3 * HOUR, channel="email")]
    cap = Cap(Reason.TOPIC_CAP, 9, DAY)
    assert cap.counting(ledger).used(NOW) == 3
    assert replace(cap, topic_id=NEWS).counting(ledger).used(NOW) == 2
    assert replace(cap, channel="sms").counting(ledger).used(NOW) == 2


def test_one_hand_over_more_counts_for_the_next_message_of_a_batch():
    facts = replace(LONG, caps=(Cap(Reason.TOPIC_CAP, 1, DAY, topic_id=NEWS),))
    assert decide(after(facts, handed(timedelta(0), EVENTS)), NOW).answer is Answer.ALLOW
    assert decide(after(facts, handed(timedelta(0))), NOW).reason is Reason.TOPIC_CAP
    assert after(LONG, handed(timedelta(0))) is LONG


def test_a_message_that_is_repeated_counts_once():
    first = handed(5 * HOUR)
    cap = Cap(Reason.TOPIC_CAP, 2, DAY).counting([first]).with_one_more(replace(first, at=NOW))
    assert cap.used(NOW) == 1


def test_florida_allows_three_texts_in_any_24_hours():
    place = place_of(Home("America/New_York", True, "US"), "sms", "+13055550100", "UTC")
    (cap,) = legal_caps(place, "sms")
    three = cap.counting(handed(ago) for ago in (HOUR, 5 * HOUR, 23 * HOUR))
    assert decide(replace(LONG, caps=(three,)), NOW) == Verdict(Answer.DEFER, Reason.FLORIDA_CAP, NOW + HOUR)
    two = cap.counting([handed(HOUR), handed(5 * HOUR), handed(DAY), handed(HOUR, channel="email")])
    assert decide(replace(LONG, caps=(two,)), NOW).answer is Answer.ALLOW
    assert legal_caps(place, "email") == ()
