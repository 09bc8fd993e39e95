"""The rules of the gate in their order, and the decision they come to."""

from collections.abc import Callable, Iterator
from datetime import datetime

from portal.gate.rules.facts import Consent, Facts
from portal.gate.rules.verdicts import Answer, Reason, Verdict, refuse, wait

# Stored with each decision. Raise it with every change that can change an answer: rules, their order, tables of law.
RULE_SET = 2

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


def hours_are_open(facts: Facts, now: datetime) -> Verdict | None:
    """Marketing rests while it is quiet where the client can be, and outside the hours the client chose."""
    shut = facts.clock.closed(now)
    return wait(shut[0].reason, facts.clock.opening(now, facts.deadline), facts.deadline) if shut else None


def caps_have_room(facts: Facts, now: datetime) -> Verdict | None:
    """No rolling window of this client is full of marketing; of several full ones the last to free counts."""
    full = [(until, cap.reason) for cap in facts.caps if (until := cap.full_until(now))]
    if not full:
        return None
    until, reason = max(full)
    return wait(reason, until, facts.deadline)


def sending_is_on(facts: Facts, _now: datetime) -> Verdict | None:
    """The switches: off means that messages wait, not that they are lost."""
    if not facts.sending_on:
        return Verdict(Answer.DEFER, Reason.SENDING_OFF)
    return None if facts.channel_on else Verdict(Answer.DEFER, Reason.CHANNEL_OFF)


# Refusals come before deferrals: what may never be sent does not wait for a switch, nor for the morning.
RULES: tuple[Rule, ...] = (
    client_is_active,
    address_is_usable,
    client_agreed,
    text_is_approved,
    deadline_is_ahead,
    hours_are_open,
    caps_have_room,
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
