"""What a probe found out, in our own words; an answer's number is kept, its text is not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class ProbeCode(StrEnum):
    """How a provider answered."""

    WORKS = "works"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    UNTRUSTED = "untrusted"
    NO_TLS = "no_tls"
    NO_SIGN_IN = "no_sign_in"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    THROTTLED = "throttled"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ProbeOutcome:
    """The answer, the number it came with (of SMTP or HTTP) and how long it took."""

    code: ProbeCode
    seconds: float
    number: int | None = None

    @property
    def works(self) -> bool:
        """Whether messages could be handed over."""
        return self.code is ProbeCode.WORKS


class ProbeFailed(Exception):
    """A step of a probe that did not work."""

    def __init__(self, code: ProbeCode, number: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.number = number


def timed(steps: Callable[[], None]) -> ProbeOutcome:
    """Runs the steps of a probe and says how they ended."""
    started = time.monotonic()
    try:
        steps()
    except ProbeFailed as failed:
        return ProbeOutcome(failed.code, time.monotonic() - started, failed.number)
    return ProbeOutcome(ProbeCode.WORKS, time.monotonic() - started)
