"""How far long work is: share, rate and time left, from counts and clock alone."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """What a page shows of work that runs."""

    done: int
    total: int
    rate: float
    seconds_left: float | None

    @property
    def left(self) -> str:
        """The time left in words; nothing while nobody can know."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < 60:
            return "less than a minute left"
        minutes = round(self.seconds_left / 60)
        return f"about {minutes} minute{'s' if minutes != 1 else ''} left"


def progress(done: int, total: int, started: datetime | None, now: datetime) -> Progress:
    """The progress of work that began at a moment; without a rate while nothing is done."""
    seconds = (now - started).total_seconds() if started else 0.0
    if not done or seconds <= 0:
        return Progress(done, total, 0.0, None)
    rate = done / seconds
    return Progress(done, total, rate, max(total - done, 0) / rate)
