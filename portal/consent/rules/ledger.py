"""The chain of one client's consent events: the bytes that are sealed, where it breaks, what it says now."""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.consent.models import ConsentEvent, Happening, Standing
from portal.consent.rules.grants import STANDING_AFTER

VERSION = 1
GENESIS = bytes(32)
LABEL = b"heedful/consent-ledger/v1:"

# The order is part of the form. A change of it is a new VERSION, and old events keep theirs.
FIELDS = (
    "id",
    "client_id",
    "seq",
    "contact_point_id",
    "topic_id",
    "channel",
    "wording_id",
    "event",
    "method",
    "actor_kind",
    "actor_id",
    "actor_label",
    "occurred_at",
    "recorded_at",
    "evidence_digest",
    "prev",
    "version",
)

IsSealed = Callable[[int, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event of a client that is not as it was written, and what is wrong, in words."""

    client_id: uuid.UUID
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Now:
    """Where a client stands on one topic and channel, since when, and the event that says so."""

    state: Standing
    since: datetime
    event_id: uuid.UUID


def canonical(event: ConsentEvent) -> bytes:
    """The one byte string that stands for an event."""
    values = [_plain(getattr(event, name)) for name in FIELDS]
    return LABEL + json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def find_break(events: Sequence[ConsentEvent], is_sealed: IsSealed) -> Broken | None:
    """Follows one client's events in order; the first that is missing, changed or out of place."""
    prev = GENESIS
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            return Broken(event.client_id, expected, f"Event {expected} is missing; the next one there is {event.seq}.")
        if event.prev != prev:
            return Broken(event.client_id, expected, f"Event {expected} does not follow the one before it.")
        if not is_sealed(event.key_id, canonical(event), event.mac):
            return Broken(event.client_id, expected, f"Event {expected} was changed: its seal does not fit.")
        prev = event.mac
    return None


def fold(events: Iterable[ConsentEvent]) -> dict[tuple[uuid.UUID, str], Now]:
    """What events in order say now, by topic and channel."""
    now: dict[tuple[uuid.UUID, str], Now] = {}
    for event in events:
        place = event.topic_id, event.channel
        now[place] = following(now.get(place), event)
    return now


def following(before: Now | None, event: ConsentEvent) -> Now:
    """Where the client stands after one more event; a withdrawal repeated keeps its first date."""
    state = STANDING_AFTER[Happening(event.event)]
    if before is not None and before.state is state is Standing.WITHDRAWN:
        return before
    return Now(state, event.occurred_at, event.id)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value
