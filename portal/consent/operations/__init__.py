"""Every write of consent, each with its audit row: topics and wordings, the ledger, the suppression list."""

from portal.consent.operations.demo import remove_demo_consents, remove_demo_suppressions, remove_topics
from portal.consent.operations.double_opt_in import confirm_consent, request_consent
from portal.consent.operations.erasure import forget_evidence
from portal.consent.operations.everything import withdraw_everything
from portal.consent.operations.expiry import expire_due
from portal.consent.operations.imports import import_consents
from portal.consent.operations.leaving import leave_address
from portal.consent.operations.ledger import record_consent, refuse_consent, renew_consent, withdraw
from portal.consent.operations.merging import merge_consents
from portal.consent.operations.reading import note_state_viewed
from portal.consent.operations.suppression import (
    approve_removal,
    ask_for_removal,
    deny_removal,
    lift_by_person,
    suppress,
    suppress_address,
    suppress_many,
)
from portal.consent.operations.topics import add_wording, change_topic, change_topic_state, make_topic
from portal.consent.rules.topics import TopicRefused

__all__ = [
    "TopicRefused",
    "add_wording",
    "approve_removal",
    "ask_for_removal",
    "change_topic",
    "change_topic_state",
    "confirm_consent",
    "deny_removal",
    "expire_due",
    "forget_evidence",
    "import_consents",
    "leave_address",
    "lift_by_person",
    "make_topic",
    "merge_consents",
    "note_state_viewed",
    "record_consent",
    "refuse_consent",
    "remove_demo_consents",
    "remove_demo_suppressions",
    "remove_topics",
    "renew_consent",
    "request_consent",
    "suppress",
    "suppress_address",
    "suppress_many",
    "withdraw",
    "withdraw_everything",
]
