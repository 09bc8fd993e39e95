"""Reads messages: what is due, and what pages show."""

from portal.messages.queries.attention import Trouble, find_trouble, has_any_message
from portal.messages.queries.captured import find_captured, list_captured
from portal.messages.queries.choices import Sendable, address_of, find_sendable, list_sendable, subject_for
from portal.messages.queries.due import has_due, list_messages_of
from portal.messages.queries.listing import (
    COUNT_LIMIT,
    Listed,
    Wanted,
    count_messages,
    list_messages,
    list_newest_of,
    list_used_templates,
)
from portal.messages.queries.standing import Standing, ask_gate
from portal.messages.queries.story import Story, find_story

__all__ = [
    "COUNT_LIMIT",
    "Listed",
    "Sendable",
    "Standing",
    "Story",
    "Trouble",
    "Wanted",
    "address_of",
    "ask_gate",
    "count_messages",
    "find_captured",
    "find_sendable",
    "find_story",
    "find_trouble",
    "has_any_message",
    "has_due",
    "list_captured",
    "list_messages",
    "list_messages_of",
    "list_newest_of",
    "list_sendable",
    "list_used_templates",
    "subject_for",
]
