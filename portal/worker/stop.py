"""Being asked to stop: one flag for SIGTERM and SIGINT, and a wait that notices it soon."""

import signal
import time
from types import FrameType

GLANCE = 0.1
"""Seconds after which a waiting process looks at the flag."""


class Stop:
    """The wish that this process ends."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        """Takes both signals, also back from a library that had taken them."""
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def wait(self, seconds: float) -> None:
        """Sleeps, but not past the wish to stop."""
        end = time.monotonic() + seconds
        while not self.asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(GLANCE, left))

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True
