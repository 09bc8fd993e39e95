"""Whether one message may be sent now. Pure: give it facts, it gives a verdict with a reason; it reads no database."""

from collections.abc import Callable, Iterator
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


class Consent(StrEnum):
    """Where a client stands on one topic and channel, as the ledger says now."""

    NONE = "none"
    REQUESTED = "requested"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gate asks about one message, read after the claim."""

    sending_on: bool
    channel_on: bool
    client_state: str
    has_address: bool
    suppressed: bool
    topic_open: bool
    consent_needed: bool
    consent: Consent
    version_approved: bool
    text_unchanged: bool
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer for one message; until is set when it defers for a known time."""

    answer: Answer
    reason: Reason = Reason.FINE
    until: datetime | None = None


Rule = Callable[[Facts, datetime], Verdict | None]

CLIENT_REASONS = {"restricted": Reason.CLIENT_RESTRICTED}
CONSENT_REASONS = {
    Consent.NONE: Reason.NEVER_AGREED,
    Consent.REQUESTED: Reason.NOT_CONFIRMED,
    Consent.WITHDRAWN: Reason.WITHDRAWN,
    Consent.REFUSED: Reason.SAID_NO,
    Consent.EXPIRED: Reason.CONSENT_ENDED,
}
# A person's own no counts whatever the topic rests on.
SAID_NO = frozenset({Consent.WITHDRAWN, Consent.REFUSED})


def refuse(reason: Reason) -> Verdict:
    """A refusal that is final for this message."""
    return Verdict(Answer.REFUSE, reason)


def client_is_active(facts: Facts, _now: datetime) -> Verdict | None:
    """Only active clients are written to (GDPR Art. 17, 18); an unknown state counts as erased."""
    if facts.client_state == "active":
        return None
    return refuse(CLIENT_REASONS.get(facts.client_state, Reason.CLIENT_ERASED))


def address_is_usable(facts: Facts, _now: datetime) -> Verdict | None:
    """There is an address on this channel, and it is on no suppression list under any key."""
    if not facts.has_address:
        return refuse(Reason.NO_ADDRESS)
    return refuse(Reason.SUPPRESSED) if facts.suppressed else None


def client_agreed(facts: Facts, _now: datetime) -> Verdict | None:
    """Topic and channel have a valid basis now (GDPR Art. 6, 7). A person's no counts whatever the basis is."""
    if not facts.topic_open:
        return refuse(Reason.TOPIC_CLOSED)
    if facts.consent in SAID_NO or (facts.consent_needed and facts.consent is not Consent.GRANTED):
        return refuse(CONSENT_REASONS[facts.consent])
    return None


def text_is_approved(facts: Facts, _now: datetime) -> Verdict | None:
    """The version is approved, and its text is still the one that was approved."""
    if not facts.version_approved:
        return refuse(Reason.NOT_APPROVED)
    return None if facts.text_unchanged else refuse(Reason.TEXT_CHANGED)


def deadline_is_ahead(facts: Facts, now: datetime) -> Verdict | None:
    """A message that is late is not worth sending any more."""
    return refuse(Reason.PAST_DEADLINE) if now >= facts.deadline else None


def sending_is_on(facts: Facts, _now: datetime) -> Verdict | None:
    """The switches: off means that messages wait, not that they are lost."""
    if not facts.sending_on:
        return Verdict(Answer.DEFER, Reason.SENDING_OFF)
    return None if facts.channel_on else Verdict(Answer.DEFER, Reason.CHANNEL_OFF)


# Refusals come before deferrals: what may never be sent does not wait for a switch.
RULES: tuple[Rule, ...] = (
    client_is_active,
    address_is_usable,
    client_agreed,
    text_is_approved,
    deadline_is_ahead,
    sending_is_on,
)


def decide(facts: Facts, now: datetime) -> Verdict:
    """The gate: the first rule that objects answers; a message that none objects to is allowed."""
    for rule in RULES:
        verdict = rule(facts, now)
        if verdict is not None:
            return verdict
    return Verdict(Answer.ALLOW)


def answers(facts: Facts, now: datetime) -> Iterator[tuple[str, Verdict]]:
    """Every rule's own answer, for the page that explains a decision."""
    for rule in RULES:
        yield rule.__name__, rule(facts, now) or Verdict(Answer.ALLOW)
