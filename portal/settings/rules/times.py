"""Kinds of settings about time: durations, lists of them, times of day, time zones. Pure; no database, no Flask."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from zoneinfo import available_timezones

from portal.settings.rules.refused import Refused

UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
PART = re.compile(r"(\d{1,9})\s*(days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)?", re.IGNORECASE)
LETTER = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def in_words(length: timedelta) -> str:
    """A duration in words that parse_duration reads back, such as 1 hour 30 minutes."""
    rest, words = int(length.total_seconds()), []
    for name, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words) or "0 seconds"


def parse_duration(text: str) -> timedelta:
    """A duration from words, letters or plain seconds, or Refused with an example."""
    parts = PART.findall(text)
    if not parts or PART.sub("", text).strip(" ,"):
        raise Refused("Enter a duration such as 90 seconds, 5 minutes or 1 hour 30 minutes.")
    return timedelta(seconds=sum(int(count) * LETTER[(unit or "s")[0].lower()] for count, unit in parts))


def as_duration(seconds: int) -> timedelta:
    """Seconds of the configuration as a duration."""
    return timedelta(seconds=seconds)


def as_durations(seconds: Iterable[int]) -> tuple[timedelta, ...]:
    """Seconds of the configuration as durations."""
    return tuple(as_duration(one) for one in seconds)


def as_days(days: int) -> timedelta:
    """Days of the configuration as a duration."""
    return timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time between two bounds, both allowed."""

    low: timedelta
    high: timedelta
    unit: str = ""

    def parse(self, text: str) -> timedelta:
        """The duration in the text, or Refused with the bounds."""
        length = parse_duration(text)
        if not self.low <= length <= self.high:
            raise Refused(f"Enter a duration between {in_words(self.low)} and {in_words(self.high)}.")
        return length

    def show(self, value: timedelta) -> str:
        """The text that parse reads back as the same value; also what is stored."""
        return in_words(value)

    def words(self, value: timedelta) -> str:
        """The value as people read it."""
        return in_words(value)


@dataclass(frozen=True, slots=True)
class Durations:
    """Several durations in their order, such as the waits before each retry."""

    each: Duration
    most: int
    unit: str = ""

    def parse(self, text: str) -> tuple[timedelta, ...]:
        """The durations between the commas, or Refused."""
        parts = [part for part in text.split(",") if part.strip()]
        if not 1 <= len(parts) <= self.most:
            raise Refused(f"Enter between 1 and {self.most} durations with commas between them.")
        return tuple(self.each.parse(part) for part in parts)

    def show(self, value: tuple[timedelta, ...]) -> str:
        """The text that parse reads back as the same value; also what is stored."""
        return ", ".join(in_words(length) for length in value)

    def words(self, value: tuple[timedelta, ...]) -> str:
        """The value as people read it."""
        return self.show(value)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time on the clock, hours and minutes, in whichever zone the rule that reads it names."""

    unit: str = ""

    def parse(self, text: str) -> time:
        """The time in the text, or Refused with an example."""
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text.strip()):
            raise Refused("Enter a time between 00:00 and 23:59, for example 20:30.")
        hour, minute = text.strip().split(":")
        return time(int(hour), int(minute))

    def show(self, value: time) -> str:
        """The text that parse reads back as the same value; also what is stored."""
        return value.strftime("%H:%M")

    def words(self, value: time) -> str:
        """The value as people read it."""
        return self.show(value)


@cache
def zone_names() -> tuple[str, ...]:
    """Every time zone a person may choose, by region and city, with UTC first."""
    named = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))
    return ("UTC", *named)


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A time zone by its name in the zone database, such as Europe/Lisbon."""

    unit: str = ""

    def parse(self, text: str) -> str:
        """The zone of that name, or Refused."""
        if text.strip() not in zone_names():
            raise Refused("Select a time zone of the list, for example Europe/Lisbon.")
        return text.strip()

    def show(self, value: str) -> str:
        """The text that parse reads back as the same value; also what is stored."""
        return value

    def words(self, value: str) -> str:
        """The value as people read it."""
        return value
