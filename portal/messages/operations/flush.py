"""Writes outcomes back while the sending goes on: every 25 results or 250 ms, from a thread of its own."""

import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from time import monotonic

import structlog
from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.channels.base import Accepted, Outcome, Refused
from portal.consent.operations import suppress_address
from portal.db import new_id, utc_now
from portal.messages.models import CapturedEmail, Message, MessageAttempt, MessageState
from portal.messages.operations.check import Handed
from portal.messages.rules import Next, Waits, after

RESULTS_PER_FLUSH = 25
SECONDS_PER_FLUSH = 0.25
RETRY_SECONDS = 0.5

log = structlog.get_logger("messages.flush")
_FENCED = update(Message.__table__).where(  # type: ignore[arg-type]
    Message.id == bindparam("of_message"), Message.lease_token == bindparam("of_token")
)
OpenSession = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one hand-over, and when it was known."""

    message: Handed
    outcome: Outcome
    ended_at: datetime
    captured: bytes | None = None


class Flusher:
    """Collects results and writes them in small transactions. `room` bounds what a kill can leave unwritten."""

    def __init__(self, open_session: OpenSession, token: uuid.UUID, owner: str, waits: Waits) -> None:
        self._open, self._token, self._owner, self._waits = open_session, token, owner, waits
        self._results: SimpleQueue[Result | None] = SimpleQueue()
        # The thread works in the application context of its maker: keys and settings are found through it.
        self._thread = threading.Thread(target=copy_context().run, args=(self._run,), name="flush", daemon=True)
        self.room = threading.Semaphore(RESULTS_PER_FLUSH)
        self.accepted = self.refused = self.unknown = 0
        self._thread.start()

    def put(self, result: Result) -> None:
        """Takes one result; it is durable when the next flush has committed."""
        self._results.put(result)

    def close(self) -> None:
        """Returns when everything is written."""
        self._results.put(None)
        self._thread.join()

    def _run(self) -> None:
        more = True
        while more:
            batch, more = self._collect()
            if batch:
                self._write_until_done(batch)
                self.room.release(len(batch))

    def _collect(self) -> tuple[list[Result], bool]:
        batch: list[Result] = []
        until = monotonic() + SECONDS_PER_FLUSH
        while len(batch) < RESULTS_PER_FLUSH:
            try:
                result = self._results.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                return batch, True
            if result is None:
                return batch, False
            batch.append(result)
        return batch, True

    def _write_until_done(self, batch: Sequence[Result]) -> None:
        # A database that is away keeps the results here; sending stops by itself when there is no more room.
        pause = threading.Event()
        while True:
            try:
                with self._open() as session, session.begin():
                    write(session, self._token, self._owner, self._waits, batch)
                break
            except OperationalError:
                log.warning("messages.flush_waits", results=len(batch))
                pause.wait(RETRY_SECONDS)
        for result in batch:
            self._count(result.outcome)

    def _count(self, outcome: Outcome) -> None:
        self.accepted += isinstance(outcome, Accepted)
        self.refused += isinstance(outcome, Refused)
        self.unknown += not isinstance(outcome, Accepted | Refused)


def write(session: Session, token: uuid.UUID, owner: str, waits: Waits, batch: Sequence[Result]) -> None:
    """Moves each message on by its outcome and adds its attempt; a message whose lease is gone keeps its new state."""
    _move_on(session, token, [(r, after(r.outcome, r.message.progress, utc_now(), waits)) for r in batch])
    for result in batch:
        _suppress_if_told(session, result)
        _keep_captured(session, result)
    session.execute(insert(MessageAttempt), [_attempt(r, owner) for r in batch])
    log.debug("messages.written", results=len(batch))


def _move_on(session: Session, token: uuid.UUID, moves: Sequence[tuple[Result, Next]]) -> None:
    """One round trip for all messages whose same columns change; nearly always that is one for the whole batch."""
    by_columns: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for result, following in moves:
        changes = _changes(result, following)
        values = {"of_message": result.message.id, "of_token": token, **changes}
        by_columns.setdefault(tuple(changes), []).append(values)
    for names, rows in by_columns.items():
        moved = _FENCED.values({name: bindparam(name) for name in names})
        session.connection().execute(moved, rows)


def _changes(result: Result, following: Next) -> dict[str, object]:
    changes: dict[str, object] = {
        "state": following.state,
        "reason": following.reason,
        "failure_text": words(result.outcome),
        "lease_token": None,
        "lease_owner": None,
        "lease_until": None,
        "crashes": 0,
        "simulated": result.captured is not None,
    }
    if following.state is MessageState.ACCEPTED:
        changes |= {"accepted_at": result.ended_at, "provider_id": _provider_id(result.outcome)}
    if following.due_at is not None:
        changes["due_at"] = following.due_at
    if not following.burnt:
        changes["attempts"] = result.message.progress.attempts - 1
    if following.resend:
        changes["resends"] = result.message.progress.resends + 1
    return changes


def _suppress_if_told(session: Session, result: Result) -> None:
    if isinstance(result.outcome, Refused) and result.outcome.failure.suppress:
        suppress_address(session, result.message.contact_point_id, result.outcome.failure.code)


def _keep_captured(session: Session, result: Result) -> None:
    if result.captured is not None:
        captured = CapturedEmail(message_id=result.message.id)
        captured.raw = result.captured.decode()
        session.add(captured)


def _attempt(result: Result, owner: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "message_id": result.message.id,
        "number": result.message.progress.attempts,
        "started_at": result.message.started_at,
        "ended_at": result.ended_at,
        "outcome": type(result.outcome).__name__.lower(),
        "code": code(result.outcome),
        "text": words(result.outcome),
        "worker": owner,
    }


def code(outcome: Outcome) -> str:
    """The provider's code of an outcome."""
    return outcome.failure.code if isinstance(outcome, Refused) else outcome.code


def words(outcome: Outcome) -> str:
    """An outcome in words; empty when the message was taken."""
    if isinstance(outcome, Accepted):
        return ""
    return outcome.failure.text if isinstance(outcome, Refused) else outcome.text


def _provider_id(outcome: Outcome) -> str:
    return outcome.provider_id if isinstance(outcome, Accepted) else ""
