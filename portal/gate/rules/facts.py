"""Everything the gate asks about one message."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.gate.rules.caps import Cap, HandOver
from portal.gate.rules.hours import ALWAYS, Clock


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
    """
    What is known of one message, read after the claim.

    The clock and the caps of a message that is no marketing are empty: neither hours nor figures count for it.
    """

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
    is_marketing: bool = False
    clock: Clock = ALWAYS
    caps: tuple[Cap, ...] = ()


def after(facts: Facts, other: HandOver) -> Facts:
    """The facts once another message to the same client was handed over, so that a batch cannot pass a cap."""
    if not facts.caps:
        return facts
    return replace(facts, caps=tuple(cap.with_one_more(other) for cap in facts.caps))
