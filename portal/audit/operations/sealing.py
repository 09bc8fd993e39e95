"""Seals and checks with the audit key, which lives in the application's key ring and never in the database's hands."""

import importlib
from typing import Any


def seal(data: bytes) -> tuple[int, bytes]:
    """The id of the audit key in use, and its seal over the data."""
    ring = _keyring()
    key_id, mac = ring.mac(ring.Purpose.AUDIT, data)
    return key_id, mac


def is_sealed(key_id: int, data: bytes, mac: bytes) -> bool:
    """Whether the audit key of this id made the seal."""
    ring = _keyring()
    return bool(ring.verify_mac(ring.Purpose.AUDIT, key_id, data, mac))


def _keyring() -> Any:
    return importlib.import_module("portal.crypto.keyring")
