"""The opened keys of one moment: an immutable state that threads share, and how it is read from the database."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from portal.crypto.census import has_sealed_cells
from portal.crypto.errors import KeyRingLost, KeyRingMissing, MissingPreviousMaster, WrongMasterKey
from portal.crypto.master import Masters, wipe
from portal.crypto.models import CryptoKey, CryptoRing
from portal.crypto.purposes import SEALING, KeyState, Purpose
from portal.db import Model

LOST = (
    "The key ring is gone while the database holds keys or cells sealed under it. Restore the tables crypto_ring and "
    "crypto_key from a backup; a new ring could not open anything that is stored."
)


@dataclass(frozen=True, slots=True, repr=False)
class RingKey:
    """One opened key. The ring holds a ready cipher or a primed MAC, not the key's bytes."""

    id: int
    purpose: Purpose
    active: bool
    _cipher: AESGCM | None = None
    _primed: hmac.HMAC | None = None

    def cipher_for_cells(self) -> AESGCM:
        """The cipher, for purposes that seal cells."""
        if self._cipher is None:
            raise TypeError(f"Keys for {self.purpose} make MACs; they seal no cells.")
        return self._cipher

    def mac(self, data: bytes) -> bytes:
        """HMAC-SHA-256 of the data, for purposes that make MACs."""
        if self._primed is None:
            raise TypeError(f"Keys for {self.purpose} seal cells; they make no MACs.")
        running = self._primed.copy()
        running.update(data)
        return running.digest()


@dataclass(frozen=True, slots=True, repr=False)
class RingState:
    """What one process knows of the ring: which keys there are, and which one is active for a purpose."""

    generation: int
    keys: Mapping[int, RingKey]
    active: Mapping[Purpose, RingKey]


def read_ring(session: Session, metadata: MetaData = Model.metadata) -> CryptoRing:
    """The ring's own row; KeyRingLost where keys exist without it, KeyRingMissing where nothing was made yet."""
    ring = session.get(CryptoRing, 1)
    if ring is None and (session.scalar(select(CryptoKey.id).limit(1)) or has_sealed_cells(session, metadata)):
        raise KeyRingLost(LOST)
    if ring is None:
        raise KeyRingMissing("The key ring has not been made yet. Run `flask keys ensure`.")
    return ring


def read_state(session: Session, ring: CryptoRing, masters: Masters) -> RingState:
    """Opens every key that is not destroyed; names by fingerprint what is missing when it cannot."""
    rows = session.scalars(select(CryptoKey).where(CryptoKey.state != KeyState.DESTROYED).order_by(CryptoKey.id)).all()
    _require_masters(rows, masters)
    keys = {row.id: open_key(row, masters) for row in rows}
    active = {key.purpose: key for key in keys.values() if key.active}
    _require_purposes(ring, active)
    return RingState(ring.generation, MappingProxyType(keys), MappingProxyType(active))


def open_key(row: CryptoKey, masters: Masters) -> RingKey:
    """The usable form of a stored key; its bytes are wiped as soon as the cipher has taken them."""
    purpose = Purpose(row.purpose)
    buffer = unwrap(row, masters)
    try:
        active = row.state == KeyState.ACTIVE
        if purpose in SEALING:
            return RingKey(row.id, purpose, active, _cipher=AESGCM(buffer))
        return RingKey(row.id, purpose, active, _primed=hmac.new(buffer, digestmod=hashlib.sha256))
    finally:
        wipe(buffer)


def unwrap(row: CryptoKey, masters: Masters) -> bytearray:
    """The bytes of a stored key, for the caller to wipe; the master is found by fingerprint, never by trying."""
    master = masters.find(row.kek_fp)
    if master is None:
        raise MissingPreviousMaster(_missing([row], masters))
    return master.unwrap(row.id, Purpose(row.purpose), row.wrapped)


def _require_masters(rows: Sequence[CryptoKey], masters: Masters) -> None:
    missing = sorted({row.kek_fp.hex() for row in rows if masters.find(row.kek_fp) is None})
    if not missing:
        return
    found = masters.current.fingerprint.hex()
    if all(row.kek_fp.hex() in missing for row in rows):
        raise WrongMasterKey(
            f"The master key does not belong to this database: expected {', '.join(missing)}, found {found}. Put the "
            "expected key back into DB_ENCRYPTION_KEY; or, if it was replaced after this data was saved, add it to "
            "DB_ENCRYPTION_KEY_PREVIOUS."
        )
    raise MissingPreviousMaster(_missing([row for row in rows if row.kek_fp.hex() in missing], masters))


def _missing(rows: Sequence[CryptoKey], masters: Masters) -> str:
    keys = ", ".join(f"{row.id} ({row.purpose})" for row in rows)
    fingerprints = ", ".join(sorted({row.kek_fp.hex() for row in rows}))
    return (
        f"Keys {keys} are wrapped by the master key {fingerprints}, which is not configured (the current one is "
        f"{masters.current.fingerprint.hex()}). Add it to DB_ENCRYPTION_KEY_PREVIOUS and start again."
    )


def _require_purposes(ring: CryptoRing, active: Mapping[Purpose, RingKey]) -> None:
    lost = sorted(purpose for purpose in ring.purposes if purpose not in active)
    if lost:
        raise KeyRingLost(f"The keys for {', '.join(lost)} are gone. Restore the table crypto_key from a backup.")
    missing = sorted(purpose for purpose in Purpose if purpose not in active)
    if missing:
        raise KeyRingMissing(f"There are no keys for {', '.join(missing)} yet. Run `flask keys ensure`.")
