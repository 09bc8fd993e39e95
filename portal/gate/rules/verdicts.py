"""The gate's three answers and every reason it can give."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Answer(StrEnum):
    """The three answers of the gate."""

    ALLOW = "allow"
    DEFER = "defer"
    REFUSE = "refuse"


class Reason(StrEnum):
    """Why the gate answered so; stored with the decision and put into words on the pages."""

    FINE = "fine"
    SENDING_OFF = "sending_off"
    CHANNEL_OFF = "channel_off"
    CLIENT_RESTRICTED = "client_restricted"
    CLIENT_ERASED = "client_erased"
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    NEVER_AGREED = "never_agreed"
    WITHDRAWN = "withdrawn"
    NOT_CONFIRMED = "not_confirmed"
    SAID_NO = "said_no"
    CONSENT_ENDED = "consent_ended"
    TOPIC_CLOSED = "topic_closed"
    NOT_APPROVED = "not_approved"
    TEXT_CHANGED = "text_changed"
    PAST_DEADLINE = "past_deadline"
    QUIET_HOURS = "quiet_hours"
    CONTACT_HOURS = "contact_hours"
    TOPIC_CAP = "topic_cap"
    TOTAL_CAP = "total_cap"
    CLIENT_CAP = "client_cap"
    FLORIDA_CAP = "florida_cap"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer for one message; until is set when it defers for a known time."""

    answer: Answer
    reason: Reason = Reason.FINE
    until: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it refuses because the time does not suffice, and not because the message may never be sent."""
        return self.answer is Answer.REFUSE and self.reason in OF_TIME


# The reasons that go away by waiting: they refuse only a message whose deadline comes before.
OF_TIME = frozenset(
    {
        Reason.PAST_DEADLINE,
        Reason.QUIET_HOURS,
        Reason.CONTACT_HOURS,
        Reason.TOPIC_CAP,
        Reason.TOTAL_CAP,
        Reason.CLIENT_CAP,
        Reason.FLORIDA_CAP,
    }
)


def refuse(reason: Reason) -> Verdict:
    """A refusal that is final for this message."""
    return Verdict(Answer.REFUSE, reason)


def wait(reason: Reason, until: datetime, deadline: datetime) -> Verdict:
    """A deferral, or a refusal where the message would be too late by then: nothing is sent and hoped for."""
    return Verdict(Answer.DEFER, reason, until) if until < deadline else refuse(reason)
