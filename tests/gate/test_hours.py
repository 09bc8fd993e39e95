"""Hours of marketing by the recipient's clock, on the nights when clocks are changed above all."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from portal.gate.rules import Answer, Clock, Dial, Hours, Reason, Verdict, decide
from portal.gate.rules.laws import clock_of
from portal.gate.rules.zones import Home, place_of

from tests.gate.test_rules import FINE

HOUSE = Hours(time(8), time(21))
NEW_YORK = Home("America/New_York", is_declared=True, country="US")
FLORIDA = "+13055550100"
MANHATTAN = "+12125550100"
IOWA = "+15155550100"
UNKNOWN = Home("UTC", is_declared=False, country="")
KOLKATA = Home("Asia/Kolkata", is_declared=True, country="IN")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asked(home, address, now, *, channel="sms", days=2, own=(HOUSE,), wished=()) -> Verdict:
    place = place_of(home, channel, address, "Europe/Lisbon")
    clock = clock_of(place, channel, own, wished)
    return decide(replace(FINE, clock=clock, deadline=utc(now) + timedelta(days=days)), utc(now))


# Who, number, moment in UTC, and until when it waits; empty where it goes at once. On 8 March 2026 clocks in New York
# go from 01:59 EST to 03:00 EDT, on 1 November 2026 from 01:59 EDT to 01:00 EST.
TABLE = [
    ("the evening before spring forward, 20:59", NEW_YORK, MANHATTAN, "2026-03-08 01:59:59", ""),
    ("the evening before spring forward, 21:00", NEW_YORK, MANHATTAN, "2026-03-08 02:00", "2026-03-08 12:00"),
    ("within the hour that is left out", NEW_YORK, MANHATTAN, "2026-03-08 07:30", "2026-03-08 12:00"),
    ("the morning after, 07:59 EDT", NEW_YORK, MANHATTAN, "2026-03-08 11:59:59", "2026-03-08 12:00"),
    ("the morning after, 08:00 EDT", NEW_YORK, MANHATTAN, "2026-03-08 12:00", ""),
    ("the day before, 08:00 EST", NEW_YORK, MANHATTAN, "2026-03-07 13:00", ""),
    ("the evening before fall back, 20:59", NEW_YORK, MANHATTAN, "2026-11-01 00:59:59", ""),
    ("the evening before fall back, 21:00", NEW_YORK, MANHATTAN, "2026-11-01 01:00", "2026-11-01 13:00"),
    ("01:30 shown first", NEW_YORK, MANHATTAN, "2026-11-01 05:30", "2026-11-01 13:00"),
    ("01:30 shown again", NEW_YORK, MANHATTAN, "2026-11-01 06:30", "2026-11-01 13:00"),
    ("what was 08:00 the day before", NEW_YORK, MANHATTAN, "2026-11-01 12:00", "2026-11-01 13:00"),
    ("the morning after, 08:00 EST", NEW_YORK, MANHATTAN, "2026-11-01 13:00", ""),
    ("Florida 19:59", NEW_YORK, FLORIDA, "2026-11-21 00:59:59", ""),
    ("Florida 20:00", NEW_YORK, FLORIDA, "2026-11-21 01:00", "2026-11-21 13:00"),
    ("New York 20:00", NEW_YORK, MANHATTAN, "2026-11-21 01:00", ""),
    ("Florida number of somebody in Lisbon, 20:30", Home("Europe/Lisbon", True, "PT"), FLORIDA, "2026-11-20 20:30", ""),
    ("Florida number in no place", Home("EST5EDT", True, ""), FLORIDA, "2026-11-21 01:30", "2026-11-21 13:00"),
    ("US number without zone, 12:59 in New York", UNKNOWN, MANHATTAN, "2026-11-20 17:59:59", "2026-11-20 18:00"),
    ("US number without zone, 13:00 there and 08:00 in Hawaii", UNKNOWN, MANHATTAN, "2026-11-20 18:00", ""),
    ("US number without zone, 20:59 in New York", UNKNOWN, IOWA, "2026-11-21 01:59", ""),
    ("US number without zone, 21:00 in New York", UNKNOWN, IOWA, "2026-11-21 02:00", "2026-11-21 18:00"),
    ("Florida number without zone, 20:00 in New York", UNKNOWN, FLORIDA, "2026-11-21 01:00", "2026-11-21 18:00"),
    ("half an hour off: 07:59 in Kolkata", KOLKATA, "+919812345678", "2026-11-20 02:29:59", "2026-11-20 02:30"),
    ("half an hour off: 08:00 in Kolkata", KOLKATA, "+919812345678", "2026-11-20 02:30", ""),
    ("half an hour off: 20:59 in Kolkata", KOLKATA, "+919812345678", "2026-11-20 15:29:59", ""),
    ("half an hour off: 21:00 in Kolkata", KOLKATA, "+919812345678", "2026-11-20 15:30", "2026-11-21 02:30"),
]  # fmt: skip


@pytest.mark.parametrize(("home", "number", "now", "until"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_marketing_goes_or_waits_exactly_as_the_table_says(home, number, now, until):
    expected = Verdict(Answer.DEFER, Reason.QUIET_HOURS, utc(until)) if until else Verdict(Answer.ALLOW)
    assert asked(home, number, now) == expected


def test_a_wait_past_the_deadline_is_no_wait_but_the_end():
    verdict = asked(NEW_YORK, MANHATTAN, "2026-03-08 02:00", days=0.4)
    assert verdict == Verdict(Answer.REFUSE, Reason.QUIET_HOURS)
    assert verdict.is_late


def test_the_law_of_the_united_states_holds_where_the_house_keeps_no_hours():
    assert asked(NEW_YORK, MANHATTAN, "2026-11-21 02:00", own=()).reason is Reason.QUIET_HOURS
    assert asked(NEW_YORK, "x@mail.example", "2026-11-21 02:00", channel="email", own=()).answer is Answer.ALLOW
    assert asked(KOLKATA, "+919812345678", "2026-11-20 16:00", own=()).answer is Answer.ALLOW


def test_the_hours_a_client_chose_hold_by_their_own_clock():
    wished = (Hours(time(18), time(20), Reason.CONTACT_HOURS),)
    verdict = asked(KOLKATA, "+919812345678", "2026-11-20 09:00", wished=wished)
    assert verdict == Verdict(Answer.DEFER, Reason.CONTACT_HOURS, utc("2026-11-20 12:30"))
    unsure = replace(NEW_YORK, is_declared=False)
    assert asked(unsure, "x@mail.example", "2026-11-20 23:30", channel="email", wished=wished).answer is Answer.ALLOW


def test_hours_that_never_meet_end_a_message_at_once():
    wished = (Hours(time(22), time(23), Reason.CONTACT_HOURS),)
    assert asked(KOLKATA, "+919812345678", "2026-11-20 09:00", days=14, wished=wished).is_late


@pytest.mark.parametrize(
    ("opens", "closes", "shown", "held"),
    [
        (time(8), time(21), time(8), True),
        (time(8), time(21), time(20, 59, 59, 999_999), True),
        (time(8), time(21), time(21), False),
        (time(22), time(2), time(23), True),
        (time(22), time(2), time(1), True),
        (time(22), time(2), time(2), False),
        (time(9), time(9), time(3), True),
    ],
)
def test_hours_hold_from_their_beginning_until_just_before_their_end(opens, closes, shown, held):
    assert Hours(opens, closes).hold(shown) is held


@pytest.mark.parametrize(
    ("opens", "now", "opening"),
    [
        (time(2, 30), "2026-03-08 05:00", "2026-03-08 07:30"),  # the clock never shows it: 03:30 instead
        (time(1, 30), "2026-11-01 04:00", "2026-11-01 05:30"),  # shown twice: with the first
        (time(1, 30), "2026-11-01 06:15", "2026-11-01 06:30"),  # the first is over: with the second
        (time(1, 30), "2026-11-01 11:00", "2026-11-02 06:30"),
    ],
)
def test_an_opening_in_the_night_of_a_change_comes_late_rather_than_early(opens, now, opening):
    hours = Hours(opens, time(5))
    assert hours.next_opening(ZoneInfo("America/New_York"), utc(now)) == utc(opening)


def test_hours_that_lie_within_the_hour_that_is_left_out_open_a_day_later():
    hours = Hours(time(2, 10), time(2, 50))
    opening = hours.next_opening(ZoneInfo("America/New_York"), utc("2026-03-08 05:00"))
    assert opening == utc("2026-03-09 06:10")


def test_an_opening_is_the_first_minute_at_which_all_hours_hold():
    zones = [ZoneInfo(name) for name in ("America/New_York", "Pacific/Honolulu", "Asia/Kolkata")]
    clock = Clock(tuple(Dial(zone, (Hours(time(5), time(23)),)) for zone in zones))
    start = utc("2026-03-07 00:00")
    minutes = (start + timedelta(minutes=minute) for minute in range(3 * 24 * 60))
    for now in [start + timedelta(hours=hours) for hours in range(0, 48, 5)]:
        first = next(minute for minute in minutes if minute >= now and clock.closed(minute) is None)
        assert clock.opening(now, start + timedelta(days=9)) == first
        minutes = (start + timedelta(minutes=minute) for minute in range(3 * 24 * 60))
