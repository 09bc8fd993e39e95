"""Decisions of consent: what a topic may rest on, when a grant counts, the ledger's chain, links. Reads no database."""

from portal.consent.rules.grants import ConsentRefused, Grant, require_grant_counts
from portal.consent.rules.tokens import read_token, unsubscribe_token
from portal.consent.rules.topics import BASES, is_consent_needed

__all__ = [
    "BASES",
    "ConsentRefused",
    "Grant",
    "is_consent_needed",
    "read_token",
    "require_grant_counts",
    "unsubscribe_token",
]
