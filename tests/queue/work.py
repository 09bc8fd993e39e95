"""Small jobs that leave tracks in a test table."""

import os
import time

from portal.db import new_session, transaction
from portal.queue import lease_owner, stop_requested
from sqlalchemy import text
from sqlalchemy.orm import Session

JOBS = ("note", "claim_until_stopped", "fail", "ignore_stop")
CLAIM = """
    INSERT INTO test_job (token, state, owner, pid, parent, backend)
    VALUES (:token, :state, :owner, :pid, :parent, pg_backend_pid())
"""


def note(token: str) -> None:
    _insert(token, "done")


def claim_until_stopped(token: str) -> None:
    _insert(token, "claimed")
    while not stop_requested():
        time.sleep(0.01)
    with transaction() as session:
        session.execute(text("UPDATE test_job SET state = 'released' WHERE token = :token"), {"token": token})


def ignore_stop(token: str) -> None:
    _insert(token, "claimed")
    time.sleep(60)


def fail(token: str) -> None:
    _insert(token, "failing")
    raise ValueError("ada@tidewell.example could not be written to")


def free(session: Session, owner: str) -> int:
    query = text("UPDATE test_job SET state = 'freed' WHERE owner = :owner AND state = 'claimed'")
    return session.execute(query, {"owner": owner}).rowcount  # type: ignore[attr-defined]


def broken_hook(session: Session, owner: str) -> int:
    raise LookupError(owner)


def tick(session: Session) -> None:
    session.execute(text("INSERT INTO test_tick (name, pid) VALUES ('test.tick', :pid)"), {"pid": os.getpid()})


def broken_task(session: Session) -> None:
    session.execute(text("INSERT INTO test_tick (name, pid) VALUES ('test.broken', :pid)"), {"pid": os.getpid()})
    raise LookupError("bo@tidewell.example")


def poll() -> bool:
    """Does one queued row."""
    with new_session() as session, session.begin():
        query = text(
            "UPDATE test_job SET state = 'polled', pid = :pid WHERE token IN (SELECT token FROM test_job"
            " WHERE state = 'queued' LIMIT 1) RETURNING token"
        )
        return bool(session.scalar(query, {"pid": os.getpid()}))


def poll_and_hold() -> bool:
    claim_until_stopped("held")
    return False


def poll_and_ignore() -> bool:
    ignore_stop("deaf")
    return False


def broken_poller() -> bool:
    raise LookupError("cy@tidewell.example")


def _insert(token: str, state: str) -> None:
    facts = {"token": token, "state": state, "owner": lease_owner(), "pid": os.getpid(), "parent": os.getppid()}
    with transaction() as session:
        session.execute(text(CLAIM), facts)
