"""Seals and checks with the audit key, which lives in the application's key ring and never in the database's hands."""

from portal.crypto.keyring import mac, verify_mac
from portal.crypto.purposes import Purpose


def seal(data: bytes) -> tuple[int, bytes]:
    """The id of the audit key in use, and its seal over the data."""
    return mac(Purpose.AUDIT, data)


def is_sealed(key_id: int, data: bytes, tag: bytes) -> bool:
    """Whether the audit key of this id made the seal."""
    return verify_mac(Purpose.AUDIT, key_id, data, tag)


def digest_of_term(term: str) -> str:
    """What the log keeps of a search term: enough to look for the same term again, useless without the key."""
    key_id, tag = seal(b"heedful-audit-term-1" + term.encode())
    return f"{key_id}:{tag.hex()[:16]}"
