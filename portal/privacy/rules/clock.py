"""
By when a request must be answered: calendar months of the controller's own days, with weekends and public holidays.

Art. 12(3) GDPR gives one month from receipt, and two further ones where a request is complex. How the months are
counted stands in Regulation (EEC, Euratom) 1182/71, Art. 3: the day of receipt does not count, the period ends on the
same date of the month or, where there is none, on its last day, and never on a Saturday, Sunday or public holiday.
"""

import calendar
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

ANSWER_MONTHS = 1
EXTENDED_MONTHS = 3
"""From receipt, not from the first date: an extended request is due three months after it came."""

EARLIER = timedelta(days=5)
"""By so much the date the staff work towards is before the end of the month."""

SATURDAY = 5


class UnknownCalendar(ValueError):
    """There is no calendar of public holidays for this country or part of it; the text names it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The days of one controller: its time zone, its country as ISO 3166, and the part of it where holidays differ."""

    zone: str
    country: str
    part: str | None = None

    def received_on(self, received_at: datetime) -> date:
        """The controller's own day on which a moment falls; receipt late in the evening counts for that day."""
        return received_at.astimezone(ZoneInfo(self.zone)).date()

    def due_on(self, received_at: datetime, *, extended: bool = False) -> date:
        """The last day on which the answer is in time."""
        months = EXTENDED_MONTHS if extended else ANSWER_MONTHS
        return self._working_day(same_date(self.received_on(received_at), months))

    def target_on(self, received_at: datetime, *, extended: bool = False) -> date:
        """The day the staff work towards; it is not moved by weekends, so that it is never late."""
        months = EXTENDED_MONTHS if extended else ANSWER_MONTHS
        return same_date(self.received_on(received_at), months) - EARLIER

    def ends_at(self, day: date) -> datetime:
        """The first moment after a day, which is too late."""
        return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(self.zone))

    def _working_day(self, day: date) -> date:
        free = public_holidays(self.country, self.part)
        while day.weekday() >= SATURDAY or day in free:
            day += timedelta(days=1)
        return day


def same_date(day: date, months: int) -> date:
    """The same date so many months later, or the last day of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def may_still_extend(clock: Clock, received_at: datetime, now: datetime) -> bool:
    """Whether the person can still be told in time that the answer takes longer: within the first month alone."""
    return now < clock.ends_at(clock.due_on(received_at))


@cache
def public_holidays(country: str, part: str | None) -> Container[date]:
    """The public holidays of every year, by country and part; raises UnknownCalendar."""
    try:
        return country_holidays(country, subdiv=part)
    except NotImplementedError:
        raise UnknownCalendar(f"No calendar of public holidays is known for {country} {part or ''}".strip()) from None
