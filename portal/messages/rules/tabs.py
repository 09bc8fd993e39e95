"""How the list of messages is divided: tabs of states, and periods."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.messages.models import MessageState


class Tab(StrEnum):
    """The parts of the list; the words stand in its address."""

    ALL = "all"
    MOVING = "moving"
    WAITING = "waiting"
    TAKEN = "taken"
    FAILED = "failed"
    REFUSED = "refused"


TAB_LABELS: Mapping[Tab, str] = MappingProxyType(
    {
        Tab.ALL: "All",
        Tab.MOVING: "On the way",
        Tab.WAITING: "Trying again",
        Tab.TAKEN: "Accepted",
        Tab.FAILED: "Failed",
        Tab.REFUSED: "Not sent",
    }
)
TAB_STATES: Mapping[Tab, frozenset[str]] = MappingProxyType(
    {
        Tab.MOVING: frozenset({MessageState.QUEUED, MessageState.CLAIMED, MessageState.HANDED}),
        Tab.WAITING: frozenset({MessageState.QUEUED}),
        Tab.TAKEN: frozenset({MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.READ}),
        Tab.FAILED: frozenset(
            {
                MessageState.FAILED,
                MessageState.BOUNCED,
                MessageState.EXPIRED,
                MessageState.UNCERTAIN,
                MessageState.DEAD,
            }
        ),
        Tab.REFUSED: frozenset({MessageState.SUPPRESSED, MessageState.CANCELLED}),
    }
)
PERIODS: Mapping[str, tuple[str, timedelta | None]] = MappingProxyType(
    {
        "24h": ("Last 24 hours", timedelta(hours=24)),
        "7d": ("Last 7 days", timedelta(days=7)),
        "30d": ("Last 30 days", timedelta(days=30)),
        "all": ("Any time", None),
    }
)


def tab_of(state: str, *, tried: bool) -> Tab:
    """The one tab besides All under which a message stands."""
    if state == MessageState.QUEUED:
        return Tab.WAITING if tried else Tab.MOVING
    return next(tab for tab, states in TAB_STATES.items() if state in states)


def count_tabs(counted: Iterable[tuple[str, bool, int]]) -> dict[Tab, int]:
    """How many stand under each tab, from counts by state and whether they were tried."""
    counts = dict.fromkeys(Tab, 0)
    for state, tried, number in counted:
        counts[tab_of(state, tried=tried)] += number
        counts[Tab.ALL] += number
    return counts


def first_id(moment: datetime) -> uuid.UUID:
    """The lowest id that a row made at this moment can have: ids begin with their time (RFC 9562, 5.7)."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62)
