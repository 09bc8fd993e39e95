"""The key ring of this process: seals, opens and makes MACs; reads the wrapped keys by itself and keeps them fresh."""

import hmac
import os
import threading
import time
import uuid
import weakref
from collections.abc import Callable
from typing import NoReturn

import structlog
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from portal.config.current import current
from portal.crypto import envelope
from portal.crypto.acknowledge import acknowledge, read_generation
from portal.crypto.alarms import on_undecryptable
from portal.crypto.errors import RingError, UnknownKey, WrongPurpose
from portal.crypto.master import configured_masters
from portal.crypto.purposes import Purpose
from portal.crypto.ring_state import RingKey, RingState, read_ring, read_state
from portal.db import engine

__all__ = ["KeyRing", "Purpose", "forget_rings", "mac", "on_undecryptable", "ring", "self_test", "verify_mac"]

POLL_SECONDS = 5.0
UNKNOWN_SECONDS = 1.0
ACKNOWLEDGE_SECONDS = 60.0
KEY_NOT_WRITABLE = "22H04"
NEVER = float("-inf")

log = structlog.get_logger("crypto.keyring")


class KeyRing:
    """Thread- and fork-safe. Reads the keys on first use, when the generation changed, and on an unknown key id."""

    def __init__(self, database: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        # Connections of its own: a pool emptied by requests that wait for a key could otherwise never bring the key.
        # With the usual timeouts: whoever waits for keys holds this ring's lock.
        patience = current().database.connect_args
        self._reader = create_engine(database.url, poolclass=NullPool, hide_parameters=True, connect_args=patience)
        self._clock = clock
        self._state: RingState | None = None
        self._polled_at = self._acknowledged_at = self._asked_at = NEVER
        self.lock = threading.Lock()

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key ring cannot be pickled or copied.")

    def seal(self, purpose: Purpose, context: str, row_id: uuid.UUID, plaintext: bytes) -> bytes:
        """A cell under the active key, bound to column and row."""
        key = self._active(purpose)
        return envelope.seal(key.cipher_for_cells(), key.id, context, row_id, plaintext)

    def open(self, purpose: Purpose, context: str, row_id: uuid.UUID, cell: bytes) -> bytes:
        """The plaintext of a cell, under exactly the key it names; a CellError otherwise."""
        key_id = self.require_known(context, row_id, cell)
        key = self._fresh().keys[key_id]
        if key.purpose != purpose:
            raise WrongPurpose(context, row_id, key_id)
        return envelope.open_cell(key.cipher_for_cells(), context, row_id, cell)

    def require_known(self, context: str, row_id: uuid.UUID, cell: bytes) -> int:
        """The id of the key a cell names; a CellError where this process has neither its algorithm nor its key."""
        key_id = envelope.read_header(context, row_id, cell).key_id
        if key_id not in self._fresh().keys and key_id not in self._asked_again().keys:
            raise UnknownKey(context, row_id, key_id)
        return key_id

    def mac(self, purpose: Purpose, data: bytes) -> tuple[int, bytes]:
        """The id of the active key and its HMAC-SHA-256 over the data."""
        key = self._active(purpose)
        return key.id, key.mac(data)

    def macs(self, purpose: Purpose, data: bytes) -> list[tuple[int, bytes]]:
        """The HMAC under every key of the purpose, oldest first, to find again what was stored under any of them."""
        return [(key.id, key.mac(data)) for key in self._fresh().keys.values() if key.purpose == purpose]

    def verify_mac(self, purpose: Purpose, key_id: int, data: bytes, tag: bytes) -> bool:
        """Whether that key of that purpose made the tag; False for a key this process does not have."""
        key = self._fresh().keys.get(key_id) or self._asked_again().keys.get(key_id)
        return key is not None and key.purpose == purpose and hmac.compare_digest(key.mac(data), tag)

    def reload(self) -> None:
        """Reads the ring from the database now; raises a RingError with the remedy where that cannot be."""
        with self.lock, Session(self._reader) as session:
            self._load(session)

    def _active(self, purpose: Purpose) -> RingKey:
        return self._fresh().active[purpose]

    def _fresh(self) -> RingState:
        state = self._state
        if state is None:
            return self._first()
        due = self._clock() - self._polled_at >= POLL_SECONDS
        # Whoever comes while another thread asks goes on with the keys of a moment ago.
        if due and self.lock.acquire(blocking=False):
            try:
                self._polled_at = self._clock()
                return self._attempt(state, self._poll)
            finally:
                self.lock.release()
        return state

    def _first(self) -> RingState:
        with self.lock:
            if self._state is None:
                with Session(self._reader) as session:
                    return self._load(session)
            return self._state

    def _asked_again(self) -> RingState:
        with self.lock:
            state = self._state
            assert state is not None  # noqa: S101 - the ring was read before a key could be missing
            if self._clock() - self._asked_at < UNKNOWN_SECONDS:
                return state
            self._asked_at = self._clock()
            return self._attempt(state, self._load)

    def _attempt(self, state: RingState, read: Callable[[Session], RingState]) -> RingState:
        # The keys in memory stay good when the database is away or holds keys of a master this process lacks.
        try:
            with Session(self._reader) as session:
                return read(session)
        except (SQLAlchemyError, RingError) as failure:
            log.error("crypto.ring_not_refreshed", failure=type(failure).__name__)  # noqa: TRY400
            return state

    def _poll(self, session: Session) -> RingState:
        state = self._state
        assert state is not None  # noqa: S101 - only a loaded ring is polled
        if read_generation(session) != state.generation:
            return self._load(session)
        if self._clock() - self._acknowledged_at >= ACKNOWLEDGE_SECONDS:
            self._acknowledge(session, state)
        return state

    def _load(self, session: Session) -> RingState:
        stored = read_ring(session)
        state = read_state(session, stored, configured_masters(stored.kdf_salt))
        self._state, self._polled_at = state, self._clock()
        self._acknowledge(session, state)
        return state

    def _acknowledge(self, session: Session, state: RingState) -> None:
        acknowledge(session, state.generation)
        session.commit()
        self._acknowledged_at = self._clock()


_rings: "weakref.WeakKeyDictionary[Engine, KeyRing]" = weakref.WeakKeyDictionary()
_latest: KeyRing | None = None


def ring() -> KeyRing:
    """The key ring of the current application's database; in threads without application context, the one used last."""
    global _latest  # noqa: PLW0603 - one process has one ring; tests have one for each database
    try:
        database = engine().engine
    except RuntimeError:
        if _latest is None:
            raise
        return _latest
    _latest = _rings.get(database) or _rings.setdefault(database, KeyRing(database))
    return _latest


def forget_rings() -> None:
    """The next use reads everything anew; for tests that change keys behind the ring's back."""
    _rings.clear()


def self_test() -> None:
    """Proves at start that the configured master keys open every stored key; a RingError with the remedy otherwise."""
    ring().reload()


def mac(purpose: Purpose, data: bytes) -> tuple[int, bytes]:
    """The id of the active key of a purpose and its HMAC-SHA-256 over the data."""
    return ring().mac(purpose, data)


def verify_mac(purpose: Purpose, key_id: int, data: bytes, tag: bytes) -> bool:
    """Whether the key of that id and purpose made the tag."""
    return ring().verify_mac(purpose, key_id, data, tag)


def reload_after_refusal(error: DBAPIError) -> bool:
    """Whether the database refused a cell because its key is no longer written; then the ring is fresh for a retry."""
    refused = getattr(error.orig, "sqlstate", None) == KEY_NOT_WRITABLE
    if refused:
        ring().reload()
    return refused


def _new_locks() -> None:
    for one in list(_rings.values()):
        one.lock = threading.Lock()


# A lock held by another thread at the moment of the fork would stay held in the child for ever.
os.register_at_fork(after_in_child=_new_locks)
