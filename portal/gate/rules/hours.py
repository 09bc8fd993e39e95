"""
When marketing may be handed over, by the clocks that can hang on the recipient's wall.

What counts is what such a clock shows. On the night it is put back, an hour shows twice and counts twice. On the night
it is put forward, an hour is left out; what would open within it opens later, never earlier.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.gate.rules.verdicts import Reason

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` until just before `closes`, each day; over midnight where it closes first; equal means all day."""

    opens: time
    closes: time
    reason: Reason = Reason.QUIET_HOURS
    source: str = ""

    def hold(self, shown: time) -> bool:
        """Whether a clock that shows this time is within them."""
        if self.opens < self.closes:
            return self.opens <= shown < self.closes
        return shown >= self.opens or shown < self.closes

    def next_opening(self, zone: ZoneInfo, now: datetime) -> datetime:
        """The next moment at which a clock of the zone shows their beginning, in UTC."""
        today = now.astimezone(zone).date()
        # An hour that shows twice opens with its first showing, or with its second where the first is over.
        moments = (
            datetime.combine(today + DAY * days, self.opens, zone).replace(fold=fold).astimezone(UTC)
            for days in (0, 1, 2)
            for fold in (0, 1)
        )
        return min(moment for moment in moments if moment > now and self.hold(moment.astimezone(zone).time()))


@dataclass(frozen=True, slots=True)
class Dial:
    """One zone in which the recipient can be, with the hours that hold there."""

    zone: ZoneInfo
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """All hours that hold together: a message may go while none of them is over anywhere. Basis: how we know where."""

    dials: tuple[Dial, ...] = ()
    basis: str = ""

    def closed(self, now: datetime) -> tuple[Hours, ZoneInfo] | None:
        """The first hours that are over, with the zone in which they are; None while all hold."""
        for dial in self.dials:
            shown = now.astimezone(dial.zone).time()
            for hours in dial.hours:
                if not hours.hold(shown):
                    return hours, dial.zone
        return None

    def opening(self, now: datetime, deadline: datetime) -> datetime:
        """The first moment at which all hours hold; one at or after the deadline where there is none before."""
        moment = now
        while moment < deadline and (shut := self.closed(moment)):
            moment = shut[0].next_opening(shut[1], moment)
        return moment


ALWAYS = Clock()
