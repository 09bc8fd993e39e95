"""The signs of life that workers and tickers leave in the database, and who reads them."""

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import portal
from portal.db import new_id
from portal.queue.models import PeriodicRun, ProcessHeartbeat

BEAT = timedelta(seconds=10)
"""How often a process says that it lives."""

QUIET = timedelta(seconds=35)
"""After this long without a sign a process counts as gone: three beats were missed."""

FORGET = timedelta(minutes=10)
"""After this long a process that was killed is forgotten."""


@dataclass(frozen=True, slots=True)
class ProcessSeen:
    """One worker or ticker as the health page shows it."""

    kind: str
    host: str
    pid: int
    queue: str
    state: str
    started_at: datetime
    seen_at: datetime
    version: str
    alive: bool


class Pulse:
    """The row of this process."""

    def __init__(self, kind: str, queue: str = "") -> None:
        self.id: uuid.UUID = new_id()
        self.facts = {"kind": kind, "queue": queue, "host": socket.gethostname(), "pid": os.getpid()}

    def beat(self, session: Session, state: str) -> None:
        """Says that this process lives and what it is doing; makes the row when it is not there."""
        row = {**self.facts, "id": self.id, "state": state, "version": portal.__version__}
        fresh = {"seen_at": func.now(), "state": state}
        session.execute(insert(ProcessHeartbeat).values(row).on_conflict_do_update(index_elements=["id"], set_=fresh))

    def end(self, session: Session) -> None:
        """Takes the row away."""
        session.execute(delete(ProcessHeartbeat).where(ProcessHeartbeat.id == self.id))


def list_processes(session: Session) -> list[ProcessSeen]:
    """Every worker and ticker heard of lately, the living ones first; by the database's clock."""
    beat = ProcessHeartbeat
    alive = (beat.seen_at > func.now() - QUIET).label("alive")
    facts = (beat.kind, beat.host, beat.pid, beat.queue, beat.state, beat.started_at, beat.seen_at, beat.version)
    order = (alive.desc(), beat.kind, beat.queue, beat.started_at, beat.id)
    rows = session.execute(select(*facts, alive).order_by(*order))
    return [ProcessSeen(*row) for row in rows]


def list_runs(session: Session) -> list[PeriodicRun]:
    """The last run of every periodic task, by name."""
    return list(session.scalars(select(PeriodicRun).order_by(PeriodicRun.name)))


def forget_lost_processes(session: Session) -> None:
    """The periodic task that takes away the rows of processes that were killed."""
    session.execute(delete(ProcessHeartbeat).where(ProcessHeartbeat.seen_at < func.now() - FORGET))
