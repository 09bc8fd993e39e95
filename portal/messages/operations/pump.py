"""One slice of sending: claim, ask the gate, mark, hand over, flush, and again, until nothing is due or time is up."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.config.retry import RetryGroup
from portal.messages.events import MessageAction
from portal.messages.operations.check import Handed, check_and_mark
from portal.messages.operations.claim import Claim, claim, extend, give_back
from portal.messages.operations.deliver import EmailDelivery
from portal.messages.operations.flush import Flusher, OpenSession, Result
from portal.messages.rules import Waits
from portal.web.actor import SYSTEM

MICRO_BATCH = 25
SAFETY_SECONDS = 30.0

log = structlog.get_logger("messages.pump")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a slice works; seconds unless said otherwise."""

    slice_seconds: float = 30.0
    lease_seconds: float = 120.0
    claim_size: int = 100
    connections: int = 4
    waits: Waits = RetryGroup().calculate_delay


@dataclass(slots=True)
class Pump:
    """Works off the due messages of one channel. The only code that commits step by step."""

    channel: str
    owner: str
    pace: Pace
    open_session: OpenSession
    stopping: Callable[[], bool]
    load_texts: Callable[[Session, list[Handed], EmailDelivery], None]
    delivery: EmailDelivery
    counts: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "refused": 0, "unknown": 0})

    def run(self) -> bool:
        """Sends until nothing is due, the time is up or a stop is asked for; whether more may be waiting."""
        ends = monotonic() + self.pace.slice_seconds
        more = True
        with ThreadPoolExecutor(self.pace.connections, thread_name_prefix="send") as pool:
            while more and monotonic() < ends and not self.stopping():
                more = self._work(pool)
        self.delivery.close()
        self._note()
        return more

    def _work(self, pool: ThreadPoolExecutor) -> bool:
        with self.open_session() as session, session.begin():
            taken = claim(session, self.channel, self.owner, self.pace.claim_size, self.pace.lease_seconds)
        if not taken.message_ids:
            return False
        flusher = Flusher(self.open_session, taken.token, self.owner, self.pace.waits)
        try:
            self._send_all(taken, pool, flusher)
        finally:
            flusher.close()
            with self.open_session() as session, session.begin():
                give_back(session, taken.token)
        for name in self.counts:
            self.counts[name] += getattr(flusher, name)
        return True

    def _send_all(self, taken: Claim, pool: ThreadPoolExecutor, flusher: Flusher) -> None:
        lease = Lease(taken.token, self.pace.lease_seconds, self.open_session)
        running: list[Future[None]] = []

        def room(patience: float) -> bool:
            return flusher.room.acquire(timeout=patience)

        for start in range(0, len(taken.message_ids), MICRO_BATCH):
            if self.stopping():
                break
            for message in self._mark(taken.token, taken.message_ids[start : start + MICRO_BATCH]):
                lease.hold_until(room)
                running.append(pool.submit(copy_context().run, self._send_one, message, lease, flusher))
        for sent in running:
            lease.hold_until(partial(has_ended, sent))
            if (error := sent.exception()) is not None:
                # Its row stays marked as handed; the sweep settles it. The error's own words may hold an address.
                log.error("messages.hand_over_broke", error=type(error).__name__)

    def _mark(self, token: uuid.UUID, ids: Sequence[uuid.UUID]) -> list[Handed]:
        with self.open_session() as session, session.begin():
            handed = check_and_mark(session, token, ids)
            self.load_texts(session, handed, self.delivery)
        return handed

    def _send_one(self, message: Handed, lease: "Lease", flusher: Flusher) -> None:
        result: Result | None = None
        try:
            if lease.safe():
                result = self.delivery.deliver(message)
        finally:
            # Without a result the row stays marked as handed, and the sweep settles it when the lease has ended.
            flusher.put(result) if result else flusher.room.release()

    def _note(self) -> None:
        if any(self.counts.values()):
            reason = ", ".join(f"{name} {count}" for name, count in self.counts.items())
            with self.open_session() as session, session.begin():
                record(
                    MessageAction.HAND_OVER,
                    SYSTEM,
                    object_type="channel",
                    object_id=self.channel,
                    reason=reason,
                    session=session,
                )
            log.info("messages.slice", channel=self.channel, **self.counts)


def has_ended(sent: Future[None], patience: float) -> bool:
    """Whether a hand-over has ended, after waiting for it that many seconds at most."""
    return bool(wait([sent], patience).done)


class Lease:
    """Keeps a claim alive while its messages go out, and forbids a hand-over after it could have been lost."""

    def __init__(self, token: uuid.UUID, seconds: float, open_session: OpenSession) -> None:
        self._token, self._seconds, self._open = token, seconds, open_session
        self._extended = monotonic()

    def safe(self) -> bool:
        """Whether enough of the lease is left; a process that was stopped for minutes must not send any more."""
        return monotonic() - self._extended < self._seconds - min(SAFETY_SECONDS, self._seconds / 2)

    def hold_until(self, done: Callable[[float], bool]) -> None:
        """Waits until it is done, asking with a patience in seconds, and extends the lease meanwhile."""
        while not done(self._seconds / 8):
            self._extend()
        if monotonic() - self._extended > self._seconds / 4:
            self._extend()

    def _extend(self) -> None:
        with self._open() as session, session.begin():
            extend(session, self._token, self._seconds)
        self._extended = monotonic()
