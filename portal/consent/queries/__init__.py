"""What is read of consent: for the send gate, for pages, and to check the ledger."""

from portal.consent.queries.check import check_ledger
from portal.consent.queries.gate import TopicFacts, consent_states, topic_facts
from portal.consent.queries.ledger import (
    find_contact_point,
    find_last_act,
    get_event,
    list_channels,
    list_events,
)
from portal.consent.queries.matrix import count_events, matrix_at, matrix_now, read_wordings
from portal.consent.queries.states import list_states, standings, state_at
from portal.consent.queries.suppression import suppressed, suppressed_scopes
from portal.consent.queries.topics import (
    TopicCount,
    find_topic,
    find_topic_by_key,
    find_wording,
    latest_wordings,
    list_topic_counts,
    list_topics,
    list_wordings,
)

__all__ = [
    "TopicCount",
    "TopicFacts",
    "check_ledger",
    "consent_states",
    "count_events",
    "find_contact_point",
    "find_last_act",
    "find_topic",
    "find_topic_by_key",
    "find_wording",
    "get_event",
    "latest_wordings",
    "list_channels",
    "list_events",
    "list_states",
    "list_topic_counts",
    "list_topics",
    "list_wordings",
    "matrix_at",
    "matrix_now",
    "read_wordings",
    "standings",
    "state_at",
    "suppressed",
    "suppressed_scopes",
    "topic_facts",
]
