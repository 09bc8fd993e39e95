"""
The tokens in links: each does one thing, names one row, and can be made by nobody else.

Unsubscribe tokens never expire, because mails live long; those of the preference centre carry their time and expire;
those that confirm name the event that asked, which says itself whether it still waits. All stand under the link keys,
and a token made under any of them is ours.
"""

import base64
import hmac
import re
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

TAG_BYTES = 24
PREFERENCES_AGE = timedelta(days=30)
CLOCK_DIFFERENCE = timedelta(minutes=5)

VERSION = 1
LAYOUT = struct.Struct(">B16s16s24s")  # 57 bytes are 76 characters of base64 without padding: one spelling each
TOKEN = re.compile(r"[A-Za-z0-9_-]{76}")
LABEL = b"heedful/unsubscribe/v1"

SCOPED_VERSION = 2
SCOPED_LAYOUT = struct.Struct(">BB16s6s24s")  # 48 bytes are 64 characters
SCOPED_TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")
TIME_BYTES = 6
SCOPED_LABEL = b"heedful/link/v2"


class Scope(IntEnum):
    """What a token of the second kind may be used for."""

    PREFERENCES = 1
    CONFIRM = 2


@dataclass(frozen=True, slots=True)
class Scoped:
    """What such a token says: the row it names, and when it was made."""

    id: uuid.UUID
    issued_at: datetime


def unsubscribe_token(contact_point_id: uuid.UUID, topic_id: uuid.UUID) -> str:
    """76 characters for the path of a link; the same for the same address and topic while the link key stays."""
    _, tag = ring().mac(Purpose.LINK, _signed(contact_point_id, topic_id))
    packed = LAYOUT.pack(VERSION, contact_point_id.bytes, topic_id.bytes, tag[:TAG_BYTES])
    return base64.urlsafe_b64encode(packed).decode()


def read_token(token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The address and topic of a token that this portal made under any of its link keys; None for everything else."""
    if not TOKEN.fullmatch(token):
        return None
    version, contact_point, topic, tag = LAYOUT.unpack(base64.urlsafe_b64decode(token))
    found = uuid.UUID(bytes=contact_point), uuid.UUID(bytes=topic)
    return found if _is_ours(_signed(*found), tag) and version == VERSION else None


def preferences_token(contact_point_id: uuid.UUID, now: datetime) -> str:
    """64 characters that open the preference centre of the person who has this address, for PREFERENCES_AGE."""
    return _scoped_token(Scope.PREFERENCES, contact_point_id, now)


def confirm_token(request_event_id: uuid.UUID, now: datetime) -> str:
    """64 characters that confirm the request this event wrote down, and nothing else."""
    return _scoped_token(Scope.CONFIRM, request_event_id, now)


def read_preferences_token(token: str, now: datetime) -> uuid.UUID | None:
    """The address of a preference link that still counts; None for an old one as for every text that is not ours."""
    found = read_scoped(token, Scope.PREFERENCES)
    if found is None or not -CLOCK_DIFFERENCE <= now - found.issued_at < PREFERENCES_AGE:
        return None
    return found.id


def read_confirm_token(token: str) -> uuid.UUID | None:
    """The event that asked; whether it still waits, the ledger knows."""
    found = read_scoped(token, Scope.CONFIRM)
    return found.id if found else None


def read_scoped(token: str, scope: Scope) -> Scoped | None:
    """What a token of this scope says, made under any link key; None for another scope and for everything else."""
    if not SCOPED_TOKEN.fullmatch(token):
        return None
    version, named, row_id, issued, tag = SCOPED_LAYOUT.unpack(base64.urlsafe_b64decode(token))
    # The scope of the caller is signed, not the token's own: a token of another scope has another tag.
    if not _is_ours(_signed_scope(scope, row_id, issued), tag) or (version, named) != (SCOPED_VERSION, scope):
        return None
    return Scoped(uuid.UUID(bytes=row_id), datetime.fromtimestamp(int.from_bytes(issued) / 1000, UTC))


def _scoped_token(scope: Scope, row_id: uuid.UUID, now: datetime) -> str:
    issued = int(now.timestamp() * 1000).to_bytes(TIME_BYTES)
    _, tag = ring().mac(Purpose.LINK, _signed_scope(scope, row_id.bytes, issued))
    packed = SCOPED_LAYOUT.pack(SCOPED_VERSION, scope, row_id.bytes, issued, tag[:TAG_BYTES])
    return base64.urlsafe_b64encode(packed).decode()


def _is_ours(data: bytes, tag: bytes) -> bool:
    # Every key is tried, so that the answer takes as long for a token of ours as for any other.
    fitting = [hmac.compare_digest(mac[:TAG_BYTES], tag) for _, mac in ring().macs(Purpose.LINK, data)]
    return any(fitting)


def _signed(contact_point_id: uuid.UUID, topic_id: uuid.UUID) -> bytes:
    return lp(LABEL) + lp(contact_point_id.bytes) + lp(topic_id.bytes)


def _signed_scope(scope: Scope, row_id: bytes, issued: bytes) -> bytes:
    return lp(SCOPED_LABEL) + lp(bytes([scope])) + lp(row_id) + lp(issued)
