"""What the verification service answers: the six error codes, and the results of starting and of checking."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why no code was sent, or none could be checked. Other programs rely on exactly these."""

    SMS_DISABLED = "SMS_DISABLED"
    CREDENTIALS_MISSING = "CREDENTIALS_MISSING"
    INVALID_PHONE_FORMAT = "INVALID_PHONE_FORMAT"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    TWILIO_API_ERROR = "TWILIO_API_ERROR"
    REDIS_UNAVAILABLE = "REDIS_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Started:
    """
    Whether a code is on its way. `error` is a sentence for the person who waits for it.

    With TWILIO_API_ERROR and a verification id nobody knows whether the SMS left: a code that arrives is valid.
    """

    success: bool
    verification_id: uuid.UUID | None = None
    message_id: str | None = None
    error: str = ""
    error_code: ErrorCode | None = None
    retry_after: timedelta | None = None


class CheckState(StrEnum):
    """What became of a typed code."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    MALFORMED = "malformed"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    USED = "used"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the code was right; only CONFIRMED proves anything, and it is answered once."""

    state: CheckState
    tries_left: int = 0
    error_code: ErrorCode | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the person has proved that they hold the number."""
        return self.state is CheckState.CONFIRMED
