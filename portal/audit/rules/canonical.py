"""The bytes an entry is sealed over. Ours alone: the database may reorder JSON, so nothing of it is trusted here."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

VERSION = 1
GENESIS = bytes(32)

# The order is part of the form. A change of it is a new VERSION, and old entries keep theirs.
FIELDS = (
    "seq",
    "event_id",
    "at",
    "actor_kind",
    "actor_id",
    "actor_label",
    "actor_roles",
    "session_id",
    "auth_method",
    "action",
    "access_type",
    "purpose",
    "subject_refs",
    "object_type",
    "object_id",
    "outcome",
    "reason",
    "ip",
    "ua_hash",
    "request_id",
    "changes",
    "prev",
)


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one byte string that stands for an entry: the version, then its fields in fixed order as compact JSON."""
    values = [_plain(facts[name]) for name in FIELDS]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return int(facts["version"]).to_bytes(2, "big", signed=True) + text.encode()


def instant(moment: datetime) -> str:
    """A moment in UTC to the microsecond, always written in the same way."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value
