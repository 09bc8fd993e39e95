"""Periods that end today, cut into parts of one length, by the organisation's days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

# The words of a period, its days, and the days of one of its parts.
PERIODS: Mapping[str, tuple[str, int, int]] = MappingProxyType(
    {
        "7d": ("Last 7 days", 7, 1),
        "30d": ("Last 30 days", 30, 1),
        "91d": ("Last 13 weeks", 91, 7),
        "364d": ("Last 52 weeks", 364, 28),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days up to and with the last one, in a zone, cut into parts of `step` days."""

    last: date
    days: int
    step: int
    zone: str

    @property
    def first(self) -> date:
        """The first day of it."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def since(self) -> datetime:
        """The moment its first day began."""
        return datetime.combine(self.first, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def parts(self) -> list[date]:
        """The first day of each part."""
        return [self.first + timedelta(days=offset) for offset in range(0, self.days, self.step)]

    def part_of(self, day: date) -> int:
        """Which part a day belongs to, from 0."""
        return (day - self.first).days // self.step


def period_until(now: datetime, key: str, zone: str) -> Period:
    """The period of this key that ends on the day of `now` in the zone."""
    _, days, step = PERIODS[key]
    return Period(now.astimezone(ZoneInfo(zone)).date(), days, step, zone)
