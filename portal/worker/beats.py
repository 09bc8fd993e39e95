"""Signs of life of this process, which never get in the way of its work."""

import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.db import new_session
from portal.queue.processes import BEAT, Pulse

log = structlog.get_logger("worker.beats")


class Beats:
    """Writes the row of this process every ten seconds, or as soon as it does something else."""

    def __init__(self, kind: str, queue: str = "") -> None:
        self._pulse = Pulse(kind, queue)
        self._last = float("-inf")
        self._state = ""

    def beat(self, state: str) -> None:
        """Called as often as one likes."""
        now = time.monotonic()
        if state == self._state and now - self._last < BEAT.total_seconds():
            return
        self._last, self._state = now, state
        try:
            with new_session() as session, session.begin():
                self._pulse.beat(session, state)
        except SQLAlchemyError as error:
            log.warning("worker.beat_missed", error=type(error).__name__)

    def end(self) -> None:
        """The process leaves and takes its row with it; where that fails, the ticker sweeps the row later."""
        try:
            with new_session() as session, session.begin():
                self._pulse.end(session)
        except SQLAlchemyError as error:
            log.warning("worker.beat_missed", error=type(error).__name__)
