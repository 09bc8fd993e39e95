"""How much marketing one client gets: so many messages in a rolling window, counted when they are handed over."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.gate.rules.verdicts import Reason


@dataclass(frozen=True, slots=True)
class HandOver:
    """One marketing message that was handed over to a provider."""

    client_id: uuid.UUID
    topic_id: uuid.UUID
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cap:
    """
    At most `limit` messages in any window of `length`, with the hand-overs that count, the newest first.

    It counts one topic or one channel where it names one, else everything.
    """

    reason: Reason
    limit: int
    length: timedelta
    topic_id: uuid.UUID | None = None
    channel: str | None = None
    times: tuple[datetime, ...] = ()

    def counting(self, handed: Iterable[HandOver]) -> "Cap":
        """The same cap with the hand-overs it counts."""
        return replace(self, times=tuple(sorted((one.at for one in handed if self._counts(one)), reverse=True)))

    def with_one_more(self, one: HandOver) -> "Cap":
        """The same cap after one more hand-over, the newest of all."""
        return replace(self, times=(one.at, *self.times)) if self._counts(one) else self

    def used(self, now: datetime) -> int:
        """How many hand-overs stand in the window that ends now."""
        return sum(at > now - self.length for at in self.times)

    def full_until(self, now: datetime) -> datetime | None:
        """When there is room again; None while there is."""
        return self.times[self.limit - 1] + self.length if self.used(now) >= self.limit else None

    def _counts(self, one: HandOver) -> bool:
        return self.topic_id in {None, one.topic_id} and self.channel in {None, one.channel}
