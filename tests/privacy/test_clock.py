"""By when a request must be answered, from a table of dates that were worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from portal.privacy.rules import Clock, UnknownCalendar, may_still_extend
from portal.privacy.rules.clock import same_date

BERLIN = Clock("Europe/Berlin", "DE", "BE")


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (noon(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (noon(2028, 1, 31), date(2028, 2, 29)),  # a leap year's Tuesday
        (noon(2026, 3, 3), date(2026, 4, 7)),  # Good Friday, Saturday, Easter Sunday, Easter Monday
        (noon(2026, 3, 5), date(2026, 4, 7)),  # Easter Sunday
        (noon(2026, 11, 25), date(2026, 12, 28)),  # Christmas Day, Boxing Day on a Saturday, Sunday
        (noon(2026, 12, 1), date(2027, 1, 4)),  # New Year's Day is a Friday
        (noon(2026, 6, 15), date(2026, 7, 15)),  # nothing in the way
        (noon(2026, 2, 8), date(2026, 3, 9)),  # a Sunday that is a holiday in Berlin alone
    ],
)
def test_the_answer_is_due_after_a_calendar_month_on_a_working_day(received, due):
    assert BERLIN.due_on(received) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (noon(2026, 11, 30), date(2027, 3, 1)),  # 28 February is a Sunday
        (noon(2026, 1, 31), date(2026, 4, 30)),  # April has no 31st
        (noon(2026, 10, 31), date(2027, 2, 1)),  # 31 January is a Sunday
    ],
)
def test_an_extended_answer_is_due_three_months_after_receipt(received, due):
    assert BERLIN.due_on(received, extended=True) == due


@pytest.mark.parametrize(
    ("received_at", "day"),
    [
        (datetime(2026, 1, 31, 22, 30, tzinfo=UTC), date(2026, 1, 31)),  # 23:30 in Berlin
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), date(2026, 2, 1)),  # 00:30 in Berlin, the day before in UTC
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), date(2026, 8, 1)),  # 00:30 of the summer
    ],
)
def test_receipt_counts_on_the_day_of_the_controller(received_at, day):
    assert BERLIN.received_on(received_at) == day


def test_half_past_eleven_and_half_past_midnight_are_two_different_deadlines():
    assert BERLIN.due_on(datetime(2026, 1, 31, 22, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert BERLIN.due_on(datetime(2026, 2, 1, 23, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert BERLIN.due_on(datetime(2026, 2, 2, 23, 30, tzinfo=UTC)) == date(2026, 3, 3)


def test_an_extension_is_in_time_until_the_last_minute_of_the_month_and_not_one_later():
    received_at = noon(2026, 1, 31)
    too_late = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # midnight in Berlin
    assert may_still_extend(BERLIN, received_at, too_late - timedelta(minutes=1))
    assert not may_still_extend(BERLIN, received_at, too_late)


def test_the_target_of_the_staff_is_never_moved_to_a_later_day():
    assert BERLIN.target_on(noon(2026, 1, 31)) == date(2026, 2, 23)
    assert BERLIN.target_on(noon(2026, 1, 31), extended=True) == date(2026, 4, 25)


def test_a_holiday_of_one_part_of_a_country_counts_there_alone():
    received = noon(2026, 5, 4)
    assert Clock("Europe/Berlin", "DE", "BY").due_on(received) == date(2026, 6, 5)  # Corpus Christi
    assert BERLIN.due_on(received) == date(2026, 6, 4)


def test_every_due_day_lies_at_or_after_the_same_date_of_the_next_month():
    days = [date(2027, 1, 1) + timedelta(days=count) for count in range(731)]
    for day in days:
        due = BERLIN.due_on(noon(day.year, day.month, day.day))
        assert same_date(day, 1) <= due <= same_date(day, 1) + timedelta(days=5)
        assert due.weekday() < 5


@pytest.mark.parametrize(("country", "part"), [("ZZ", None), ("DE", "XX")])
def test_a_country_without_a_calendar_is_named(country, part):
    with pytest.raises(UnknownCalendar, match=f"known for {country}"):
        Clock("UTC", country, part).due_on(noon(2026, 1, 1))
