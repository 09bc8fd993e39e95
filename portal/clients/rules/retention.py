"""Until when a client is kept. Pure; the runs that delete read the same rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """When the time began to run, when it ends, and whether that is past."""

    since: datetime
    until: datetime
    is_over: bool


def kept_until(added: datetime, last_act: datetime | None, period: timedelta, now: datetime) -> Kept:
    """The period counts from the last act of the person, or from the day we got to know them when there was none."""
    since = max(added, last_act) if last_act else added
    return Kept(since, since + period, now >= since + period)


def period_in_words(period: timedelta) -> str:
    """The days, and from a year on how many years that is about: nobody divides 1,095 in their head."""
    years = round(period.days / 365)
    about = f" (about {years} year{'' if years == 1 else 's'})" if years else ""
    return f"{period.days:,} day{'' if period.days == 1 else 's'}{about}"
