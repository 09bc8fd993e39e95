"""What workers and the ticker do for the audit log: verify in slices, resume what was killed, anchor, once a night."""

import time
import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.audit.operations.anchors import anchors_path, read_anchors
from portal.audit.operations.verification import SLICE, advance, anchor_head, fail_verification, request_verification
from portal.audit.queries import open_verification
from portal.db import transaction, utc_now
from portal.queue import JobName, QueueName, stop_requested, wake
from portal.queue.periodic import poll_when_redis_is_away, run_periodically
from portal.web.actor import SYSTEM

JOB_SECONDS = 20.0
STALLED_AFTER = timedelta(seconds=15)


def register() -> None:
    """Makes the tasks known to the ticker."""
    run_periodically("audit.anchor", timedelta(minutes=5), anchor)
    run_periodically("audit.verify_nightly", timedelta(days=1), verify_nightly)
    run_periodically("audit.resume_verification", timedelta(seconds=15), resume)
    poll_when_redis_is_away("audit.verification", poll)


def verify(verification_id: str, seconds: float = JOB_SECONDS, limit: int = SLICE) -> None:
    """Goes on with one verification for a while, then hands over to a wake-up of its own."""
    if _work(uuid.UUID(verification_id), time.monotonic() + seconds, limit):
        wake(QueueName.DEFAULT, JobName.AUDIT_VERIFY, uuid.UUID(verification_id))


def poll(limit: int = SLICE) -> bool:
    """One slice of the open verification, for the ticker while Redis is away; says whether more is left."""
    with transaction() as session:
        found = open_verification(session)
    return found is not None and _work(found.id, time.monotonic(), limit)


def anchor(session: Session) -> None:
    """Anchors the present head outside the database."""
    anchor_head(session, anchors_path())


def verify_nightly(session: Session) -> None:
    """Asks for a verification; the next look at open ones wakes a worker for it."""
    request_verification(SYSTEM, session)


def resume(session: Session) -> None:
    """Wakes a worker for a verification that nobody seems to be working on."""
    found = open_verification(session)
    if found is not None and utc_now() - found.updated_at > STALLED_AFTER:
        wake(QueueName.DEFAULT, JobName.AUDIT_VERIFY, found.id)


def _work(verification_id: uuid.UUID, until: float, limit: int) -> bool:
    path = anchors_path()
    try:
        anchors = read_anchors(path)
        while True:
            with transaction() as session:
                more = advance(session, verification_id, path, anchors, limit)
            if not more or stop_requested() or time.monotonic() >= until:
                return more
    except OSError as error:
        why = f"the file of anchors, {error.filename}, {(error.strerror or 'cannot be used').lower()}"
        with transaction() as session:
            fail_verification(session, verification_id, f"The check could not run: {why}.")
        return False
