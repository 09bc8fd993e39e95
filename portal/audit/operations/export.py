"""Hands entries out as JSON lines, exactly as they are stored, with a last line sealed over all lines before it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.events import AccessType, AuditAction
from portal.audit.operations.collect import record_read
from portal.audit.operations.sealing import seal
from portal.audit.queries import chain_rows
from portal.web.actor import Actor

SLICE = 1_000
LABEL = b"heedful-audit-export-1"


def record_export(actor: Actor, first: int, last: int | None, purpose: str, session: Session | None = None) -> None:
    """The entry of an export; commit it before the first line is handed out."""
    span = f"{first} to {last or 'the end'}"
    record_read(
        AuditAction.EXPORT,
        actor,
        access_type=AccessType.EXPORT,
        object_type="audit_log",
        object_id=span,
        purpose=purpose,
        session=session,
    )


def export_lines(session: Session, first: int, last: int | None) -> Iterator[str]:
    """One line for each entry from first to last, then the signature line. Record the export before the first line."""
    digest, after, count = hashlib.sha256(), first - 1, 0
    while rows := chain_rows(session, after, SLICE, last):
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, default=_plain) + "\n"
            digest.update(line.encode())
            yield line
        after, count = rows[-1]["seq"], count + len(rows)
    key_id, mac = seal(LABEL + digest.digest())
    facts = {"entries": count, "sha256": digest.hexdigest(), "key_id": key_id, "seal": mac.hex()}
    yield json.dumps({"signature": facts}) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
