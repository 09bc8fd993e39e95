"""What is kept of the proof of an event: one text that is sealed, and a digest of it that outlives its erasure."""

import json
import uuid

from portal.crypto.envelope import lp
from portal.crypto.keyring import mac, verify_mac
from portal.crypto.purposes import Purpose

LABEL = b"heedful/consent-evidence/v1"
KEY_BYTES = 8


def evidence_text(note: str, network: str) -> str:
    """The text that is sealed; empty where there is nothing to keep."""
    facts = {name: value for name, value in (("note", note), ("network", network)) if value}
    return json.dumps(facts, ensure_ascii=False) if facts else ""


def note_of(text: str) -> str:
    """What staff wrote as the proof; for a text that cannot be read, that it cannot."""
    try:
        return str(json.loads(text).get("note", ""))
    except ValueError:
        return text


def evidence_digest(event_id: uuid.UUID, text: str) -> bytes:
    """The audit key's id and its keyed digest of the text, bound to the event."""
    key_id, tag = mac(Purpose.AUDIT, _bound(event_id, text))
    return key_id.to_bytes(KEY_BYTES, "big") + tag


def is_evidence_of(event_id: uuid.UUID, text: str, digest: bytes) -> bool:
    """Whether the text is the one the digest was made of."""
    key_id = int.from_bytes(digest[:KEY_BYTES], "big")
    return verify_mac(Purpose.AUDIT, key_id, _bound(event_id, text), digest[KEY_BYTES:])


def _bound(event_id: uuid.UUID, text: str) -> bytes:
    return lp(LABEL) + lp(event_id.bytes) + lp(text.encode())
