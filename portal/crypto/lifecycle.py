"""The steps in the life of keys. Each runs in the caller's transaction and refuses to go out of order; none commits."""

import os
from datetime import timedelta

from sqlalchemy import MetaData, func, select
from sqlalchemy.orm import Session

from portal.crypto.acknowledge import processes_behind
from portal.crypto.census import census, count_hashes, has_sealed_cells, hash_key_columns
from portal.crypto.errors import KeyRingLost, KeyStillUsed, ProcessesBehind, StepRefused
from portal.crypto.master import KEY_BYTES, Masters, configured_masters, wipe
from portal.crypto.models import KEY_IDS, CryptoKey, CryptoRing
from portal.crypto.purposes import SEALING, KeyState, Purpose
from portal.crypto.ring_state import LOST, read_ring, unwrap
from portal.db import Model, utc_now

RING_LOCK = 7_203_331_004
WRITER_LOCKS = 7_203_332  # the same number stands in the function heedful_guard_sealed
FIRST_KEY_ID = -(2**31)


def ensure_ring(session: Session, metadata: MetaData = Model.metadata) -> list[Purpose]:
    """
    Makes the ring on first start, and keys for purposes a new release brings; returns the purposes it served.

    Refuses to make a key for a purpose that had one before, and a fresh ring while sealed cells exist.
    """
    _lock_ring(session)
    row = session.get(CryptoRing, 1, populate_existing=True) or _new_ring(session, metadata)
    have = set(session.scalars(select(CryptoKey.purpose).where(CryptoKey.state == KeyState.ACTIVE)))
    if lost := sorted(set(row.purposes) - have):
        raise KeyRingLost(f"The keys for {', '.join(lost)} are gone. Restore the table crypto_key from a backup.")
    missing = [purpose for purpose in Purpose if purpose not in have]
    for purpose in missing:
        key = _new_key(session, purpose, configured_masters(row.kdf_salt))
        key.state, key.activated_at = KeyState.ACTIVE, utc_now()
    if missing:
        row.purposes = [*row.purposes, *missing]
    session.flush()
    return missing


def create_key(session: Session, purpose: Purpose) -> CryptoKey:
    """A new key that waits: processes load it, nobody writes with it yet."""
    _lock_ring(session)
    key = _new_key(session, purpose, configured_masters(read_ring(session).kdf_salt))
    session.flush()
    return key


def activate(session: Session, key_id: int) -> CryptoKey:
    """From now on new cells use this key; its predecessor drains. Waits until every running process has loaded it."""
    key = _step(session, key_id, KeyState.PENDING)
    if behind := processes_behind(session):
        raise ProcessesBehind(f"{', '.join(behind)} must load key {key_id} first. Try again in a moment.")
    predecessor = session.scalar(
        select(CryptoKey).where(CryptoKey.purpose == key.purpose, CryptoKey.state == KeyState.ACTIVE)
    )
    if predecessor is not None:
        predecessor.state = KeyState.DRAINING
        session.flush()  # only one active key for a purpose at any moment
    key.state, key.activated_at = KeyState.ACTIVE, utc_now()
    session.flush()
    return key


def mark_drained(session: Session, key_id: int, metadata: MetaData = Model.metadata) -> CryptoKey:
    """No cell uses the key any more and none may be written under it from now on."""
    key = _step(session, key_id, KeyState.DRAINING)
    _require_unused(session, key, metadata)
    key.state, key.drained_at = KeyState.DRAINED, utc_now()
    session.flush()
    return key


def retire(session: Session, key_id: int, backups_last: timedelta, metadata: MetaData = Model.metadata) -> CryptoKey:
    """Ends the key's use. It stays, wrapped, for as long as backups may hold cells of it."""
    key = _step(session, key_id, KeyState.DRAINED)
    _require_unused(session, key, metadata)
    key.state, key.retired_at, key.destroy_after = KeyState.RETIRED, utc_now(), utc_now() + backups_last
    session.flush()
    return key


def rewrap(session: Session) -> int:
    """Wraps every key by the current master key, so that previous ones are not needed; returns how many changed."""
    _lock_ring(session)
    masters = configured_masters(read_ring(session).kdf_salt)
    wanted = CryptoKey.kek_fp != masters.current.fingerprint, CryptoKey.state != KeyState.DESTROYED
    rows = session.scalars(select(CryptoKey).where(*wanted)).all()
    for row in rows:
        data_key = unwrap(row, masters)
        row.wrapped = masters.current.wrap(row.id, Purpose(row.purpose), data_key)
        row.kek_fp = masters.current.fingerprint
        wipe(data_key)
    session.flush()
    return len(rows)


def _lock_ring(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(RING_LOCK)))


def _new_ring(session: Session, metadata: MetaData) -> CryptoRing:
    if session.scalar(select(CryptoKey.id).limit(1)) or has_sealed_cells(session, metadata):
        raise KeyRingLost(LOST)
    row = CryptoRing(id=1, generation=0, kdf_salt=os.urandom(16), purposes=[])
    session.add(row)
    session.flush()
    return row


def _new_key(session: Session, purpose: Purpose, masters: Masters) -> CryptoKey:
    key_id = session.scalars(select(KEY_IDS.next_value())).one()
    data_key = bytearray(os.urandom(KEY_BYTES))
    wrapped = masters.current.wrap(key_id, purpose, data_key)
    wipe(data_key)
    key = CryptoKey(
        id=key_id, purpose=purpose, state=KeyState.PENDING, wrapped=wrapped, kek_fp=masters.current.fingerprint
    )
    session.add(key)
    return key


def _step(session: Session, key_id: int, needed: KeyState) -> CryptoKey:
    _lock_ring(session)
    key = session.get(CryptoKey, key_id, populate_existing=True)
    if key is None or key.state != needed:
        raise StepRefused(f"Key {key_id} is {key.state if key else 'unknown'}; this step takes a key that is {needed}.")
    return key


def _require_unused(session: Session, key: CryptoKey, metadata: MetaData) -> None:
    # Writers hold this lock shared from before they read the key's state until they have committed.
    session.execute(select(func.pg_advisory_xact_lock(WRITER_LOCKS, FIRST_KEY_ID + key.id)))
    if Purpose(key.purpose) not in SEALING:
        _require_no_hashes(session, key, metadata)
        return
    if cells := census(session, Purpose(key.purpose), metadata)[key.id]:
        raise KeyStillUsed(f"{cells} cells are still sealed under key {key.id}. Re-encrypt them first.")


def _require_no_hashes(session: Session, key: CryptoKey, metadata: MetaData) -> None:
    purpose = Purpose(key.purpose)
    if next(hash_key_columns(purpose, metadata), None) is None:
        raise StepRefused(f"Keys for {purpose} make lasting hashes; what rests on them cannot be counted yet.")
    if rows := count_hashes(session, key.id, purpose, metadata):
        raise KeyStillUsed(f"Hashes that cannot be made anew rest on key {key.id}: {rows}. The key stays.")
