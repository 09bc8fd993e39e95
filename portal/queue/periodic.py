"""What the ticker runs: tasks at intervals, and pollers that do the queued work while Redis is away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Periodic:
    """
    A short task in one transaction, which the ticker opens and commits together with the note that it ran.

    So a task that only writes to the database runs once per interval whatever is killed. Long work: wake a job.
    """

    name: str
    interval: timedelta
    function: Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Poller:
    """Does one slice of queued work, in its own transactions, and says whether more is waiting."""

    name: str
    function: Callable[[], bool]


PERIODIC: dict[str, Periodic] = {}
"""Every periodic task by name; features register theirs through create_app()."""

POLLERS: dict[str, Poller] = {}
"""Every poller by name."""


def run_periodically(name: str, interval: timedelta, function: Callable[[Session], None]) -> None:
    """Registers a task; the same name again replaces it, because an application may be built more than once."""
    PERIODIC[name] = Periodic(name, interval, function)


def poll_when_redis_is_away(name: str, function: Callable[[], bool]) -> None:
    """Registers a poller; the same name again replaces it."""
    POLLERS[name] = Poller(name, function)
