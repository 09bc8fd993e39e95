"""Every write of consent, each with its audit row: topics and wordings, the ledger, the suppression list."""

from portal.consent.operations.demo import remove_demo_consents, remove_topics
from portal.consent.operations.erasure import forget_evidence
from portal.consent.operations.ledger import record_consent, withdraw
from portal.consent.operations.suppression import (
    approve_removal,
    ask_for_removal,
    deny_removal,
    lift_by_person,
    suppress,
    suppress_address,
    suppress_many,
)
from portal.consent.operations.topics import TopicRefused, add_wording, change_topic_state, make_topic

__all__ = [
    "TopicRefused",
    "add_wording",
    "approve_removal",
    "ask_for_removal",
    "change_topic_state",
    "deny_removal",
    "forget_evidence",
    "lift_by_person",
    "make_topic",
    "record_consent",
    "remove_demo_consents",
    "remove_topics",
    "suppress",
    "suppress_address",
    "suppress_many",
    "withdraw",
]
