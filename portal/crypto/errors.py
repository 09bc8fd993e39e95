"""What can go wrong with keys and sealed cells. No message holds a plaintext, a ciphertext or a key."""

import uuid


class CryptoError(Exception):
    """Base of everything this package raises on purpose."""


class CellError(CryptoError):
    """One sealed cell cannot be opened. Says where it is and why, never what it holds."""

    code = "unreadable"

    def __init__(self, context: str, row_id: uuid.UUID, key_id: int | None = None) -> None:
        super().__init__(f"{self.code}: {context}, row {row_id}, key {key_id}")
        self.context = context
        self.row_id = row_id
        self.key_id = key_id


class NotAnEnvelope(CellError):
    """The bytes are no sealed cell at all, or are too short to be one; they are never taken for plaintext."""

    code = "not_an_envelope"


class UnknownAlgorithm(CellError):
    """Sealed by a newer release with an algorithm this one does not know; must not be overwritten."""

    code = "unknown_algorithm"


class UnknownKey(CellError):
    """The key the cell names is not in the ring; must not be overwritten, since the key may come back."""

    code = "unknown_key"


class WrongPurpose(CellError):
    """The cell is sealed under a key made for something else."""

    code = "wrong_purpose"


class IntegrityFailed(CellError):
    """The cell was changed, cut, or belongs to another row, column or table."""

    code = "integrity_failed"


class RingError(CryptoError):
    """The key ring cannot be used; the message names the remedy and fingerprints only."""


class WrongMasterKey(RingError):
    """No stored key opens with the configured master keys."""


class MissingPreviousMaster(RingError):
    """Some stored keys are wrapped by a master key that is not configured."""


class MasterKeyMalformed(RingError):
    """The configured master key announces 32 encoded bytes and is something else."""


class KeyRingLost(RingError):
    """Keys that were once made are gone; fresh ones would make the loss final."""


class KeyRingMissing(RingError):
    """Keys have not been made yet."""


class KeyDamaged(RingError):
    """The master key is right, yet a wrapped key does not open: its row was altered."""


class StepRefused(CryptoError):
    """A key may not take this step now; the message says what has to happen first."""


class KeyStillUsed(StepRefused):
    """Cells are still sealed under the key."""


class ProcessesBehind(StepRefused):
    """Running processes have not loaded the new key yet."""
