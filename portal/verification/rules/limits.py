"""How often a code may be sent to one number, and what all of them may cost. Pure: gets figures, gives a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SPACING = timedelta(minutes=1)


class Limit(StrEnum):
    """Which limit stands in the way."""

    SPACING = "spacing"
    HOUR = "hour"
    DAY = "day"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be used."""

    per_hour: int
    per_day: int
    micro_per_day: int


@dataclass(frozen=True, slots=True)
class Used:
    """
    What the last 24 hours used: when codes went to this number, the oldest first, and what all numbers cost.

    `asked_at` is when a code was last asked for it, also where none was sent in the end.
    """

    sent_at: Sequence[datetime]
    asked_at: datetime | None
    micro: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """The limit that stands in the way, and when it no longer will; nobody knows that of money."""

    limit: Limit
    wait: timedelta | None


def refusal(limits: Limits, used: Used, cost_micro: int, now: datetime) -> Refusal | None:
    """Why no code may be sent now; None when one may."""
    if used.asked_at is not None and now - used.asked_at < SPACING:
        return Refusal(Limit.SPACING, used.asked_at + SPACING - now)
    within_hour = [at for at in used.sent_at if at > now - HOUR]
    within_day = [at for at in used.sent_at if at > now - DAY]
    if len(within_day) >= limits.per_day:
        return Refusal(Limit.DAY, within_day[-limits.per_day] + DAY - now)
    if len(within_hour) >= limits.per_hour:
        return Refusal(Limit.HOUR, within_hour[-limits.per_hour] + HOUR - now)
    if used.micro + cost_micro > limits.micro_per_day:
        return Refusal(Limit.MONEY, None)
    return None
