"""What keys are for, and the states a key goes through."""

from enum import StrEnum


class Purpose(StrEnum):
    """One purpose has keys of its own; a key is never used for a second purpose."""

    FIELD_PII = "field.pii"
    FIELD_MESSAGE = "field.message"
    CREDENTIAL = "credential"
    TOTP = "totp"
    BIDX_EMAIL = "bidx.email"
    BIDX_PHONE = "bidx.phone"
    SUPPRESSION = "suppression"
    FINGERPRINT = "fingerprint"
    EXPORT = "export"
    AUDIT = "audit"
    LINK = "link"


SEALING = frozenset({Purpose.FIELD_PII, Purpose.FIELD_MESSAGE, Purpose.CREDENTIAL, Purpose.TOTP, Purpose.EXPORT})


class KeyState(StrEnum):
    """Keys only move forward. Cells are written under active and draining keys, read under all but destroyed ones."""

    PENDING = "pending"
    ACTIVE = "active"
    DRAINING = "draining"
    DRAINED = "drained"
    RETIRED = "retired"
    DESTROYED = "destroyed"
