"""The chain of one client's consent events: the bytes that are sealed, and where the chain breaks."""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.consent.models import ConsentEvent
from portal.consent.rules.entry import Entry

VERSION = 2
GENESIS = bytes(32)

# The order is part of the form. A change of it is a new VERSION, and old events keep theirs.
FIRST_FIELDS = (
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
SECOND_FIELDS = (
    "topic_version",
    "legal_basis",
    "statement_sha256",
    "language",
    "jurisdiction",
    "source_url",
    "source_name",
    "user_agent",
    "contact_point_hmac",
    "refers_to_id",
    "carried",
    "expires_at",
)
FIELDS = {1: FIRST_FIELDS, 2: FIRST_FIELDS + SECOND_FIELDS}

IsSealed = Callable[[int, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event of a client that is not as it was written, and what is wrong, in words."""

    client_id: uuid.UUID
    seq: int
    text: str


def canonical(event: ConsentEvent | Entry) -> bytes:
    """The one byte string that stands for an event, in the form of its own version."""
    values = [_plain(getattr(event, field)) for field in FIELDS[event.version]]
    label = b"heedful/consent-ledger/v%d:" % event.version
    return label + json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def find_break(events: Sequence[ConsentEvent], is_sealed: IsSealed) -> Broken | None:
    """The first event of one client that was changed, is missing or is out of place; None for a whole chain."""
    prev = GENESIS
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            return Broken(event.client_id, expected, f"Event {expected} is missing; the next one there is {event.seq}.")
        if event.prev != prev:
            return Broken(event.client_id, expected, f"Event {expected} does not follow the one before it.")
        if not _is_as_written(event, is_sealed):
            return Broken(event.client_id, expected, f"Event {expected} was changed: its seal does not fit.")
        prev = event.mac
    return None


def _is_as_written(event: ConsentEvent, is_sealed: IsSealed) -> bool:
    fields = FIELDS.get(event.version)
    # What the form of an old event does not cover must not be there: nothing vouches for it.
    if fields is None or any(getattr(event, field) is not None for field in SECOND_FIELDS if field not in fields):
        return False
    return is_sealed(event.key_id, canonical(event), event.mac)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value
