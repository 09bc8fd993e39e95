"""Decisions of consent: what a topic may rest on, when a grant counts, the ledger's chain, links. Reads no database."""

from portal.consent.rules.grants import ConsentRefused, RequestOver
from portal.consent.rules.imports import ImportedConsent, ImportOutcome
from portal.consent.rules.origin import Origin
from portal.consent.rules.standing import Now
from portal.consent.rules.tokens import (
    confirm_token,
    preferences_token,
    read_confirm_token,
    read_preferences_token,
    read_token,
    unsubscribe_token,
)
from portal.consent.rules.topics import BASES, is_consent_needed

__all__ = [
    "BASES",
    "ConsentRefused",
    "ImportOutcome",
    "ImportedConsent",
    "Now",
    "Origin",
    "RequestOver",
    "confirm_token",
    "is_consent_needed",
    "preferences_token",
    "read_confirm_token",
    "read_preferences_token",
    "read_token",
    "unsubscribe_token",
]
