"""One event of the ledger before it is in the database: the fields of its table, and light enough for thousands."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Entry:
    """What one row of the ledger will hold; the seal comes last."""

    id: uuid.UUID
    client_id: uuid.UUID
    seq: int
    contact_point_id: uuid.UUID | None
    topic_id: uuid.UUID
    channel: str
    wording_id: uuid.UUID | None
    event: str
    method: str
    actor_kind: str
    actor_id: uuid.UUID | None
    actor_label: str
    occurred_at: datetime
    recorded_at: datetime
    topic_version: int | None
    legal_basis: str | None
    statement_sha256: bytes | None
    language: str | None
    jurisdiction: str | None
    source_url: str | None
    source_name: str | None
    user_agent: str | None
    contact_point_hmac: bytes | None
    refers_to_id: uuid.UUID | None
    carried: str | None
    expires_at: datetime | None
    prev: bytes
    version: int
    evidence_digest: bytes | None = None
    key_id: int = 0
    mac: bytes = b""
