"""When a failed hand-over is tried again."""

import random
from typing import ClassVar

from portal.config.group import Group, variable
from portal.config.problems import Problem
from portal.config.values import WholeNumbers

_random = random.SystemRandom()


class RetryGroup(Group):
    """One first try, then retries at growing distances, then at an even distance until the message's deadline."""

    name: ClassVar[str] = "retry"
    title: ClassVar[str] = "Retry"

    max_retries: int = variable("RETRY_MAX_RETRIES", 3, "Retries at growing distances.", ge=0, le=20)
    delays: WholeNumbers = variable("RETRY_DELAYS", (60, 300, 900), "Seconds before each retry.")
    jitter_percent: int = variable("RETRY_JITTER_PERCENT", 20, "Spread of each delay.", ge=0, le=90)
    later_every: int = variable("RETRY_LATER_EVERY", 3600, "Seconds between tries after that.", ge=60, le=86400)

    def calculate_delay(self, n: int) -> float:
        """Seconds to wait before retry `n`, counted from 0, spread so that failures do not return all at once."""
        if n < 0:
            raise ValueError("Retries are counted from 0.")
        return self._planned(n) * _random.uniform(1 - self.jitter_percent / 100, 1 + self.jitter_percent / 100)

    def _planned(self, n: int) -> int:
        if n >= self.max_retries:
            return self.later_every
        return self.delays[min(n, len(self.delays) - 1)]

    def problems(self) -> list[Problem]:
        if not self.delays or any(delay < 1 for delay in self.delays):
            return [Problem("RETRY_DELAYS", "needs at least one delay, each 1 or more", "Set RETRY_DELAYS=60,300,900.")]
        return []

    def summary(self) -> str:
        spread = f"±{self.jitter_percent} %"
        delays = "/".join(str(delay) for delay in self.delays)
        return f"{self.max_retries} retries at {delays} s {spread}, then every {self.later_every} s"
