"""How much marketing one client gets: so many messages in a rolling window, counted when they are handed over."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.gate.rules.verdicts import Reason


@dataclass(frozen=True, slots=True)
class HandOver:
    """One marketing message that was handed over to a provider; the key is the message's."""

    key: uuid.UUID
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
    handed: tuple[HandOver, ...] = ()

    def counting(self, handed: Iterable[HandOver]) -> "Cap":
        """The same cap with the hand-overs it counts."""
        counted = sorted(filter(self._counts, handed), key=lambda one: one.at, reverse=True)
        return replace(self, handed=tuple(counted))

    def with_one_more(self, one: HandOver) -> "Cap":
        """The same cap after one more hand-over, the newest of all; a repeated one takes the place of its first."""
        others = tuple(other for other in self.handed if other.key != one.key)
        return replace(self, handed=(one, *others)) if self._counts(one) else self

    def used(self, now: datetime) -> int:
        """How many hand-overs stand in the window that ends now."""
        return sum(one.at > now - self.length for one in self.handed)

    def full_until(self, now: datetime) -> datetime | None:
        """When there is room again; None while there is."""
        if len(self.handed) < self.limit:
            return None
        frees = self.handed[self.limit - 1].at + self.length
        return frees if frees > now else None

    def _counts(self, one: HandOver) -> bool:
        return self.topic_id in {None, one.topic_id} and self.channel in {None, one.channel}
