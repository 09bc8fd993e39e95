"""One SMS as every way of handing it over takes it, and what is refused before anybody is asked."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from portal.channels.base import Failure, FailureClass, Outcome, Scope

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST = 1600
"""Signs that Twilio takes at most (its error 21617)."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A text for one number. After its validity nobody should still deliver it."""

    to: str
    text: str
    validity: timedelta | None = None

    def __repr__(self) -> str:
        return "<Sms>"


class SmsChannel(Protocol):
    """A way to hand SMS over; not shared between threads."""

    def send(self, sms: Sms) -> Outcome:
        """Hands one SMS over. Never raises: what went wrong, and whether it may have left, is the outcome."""
        ...

    def close(self) -> None:
        """Ends the connection; doing it twice is no error."""
        ...


def objection(sms: Sms) -> Failure | None:
    """Why this SMS cannot be handed over at all; None when it can be tried."""
    if not E164.fullmatch(sms.to):
        return Failure(FailureClass.PERMANENT, Scope.RECIPIENT, "address", "The number is not valid.")
    if not sms.text.strip() or len(sms.text) > LONGEST:
        text = f"The text is empty or longer than {LONGEST:,} signs."
        return Failure(FailureClass.PERMANENT, Scope.MESSAGE, "text", text)
    return None
