"""What workers and the ticker do for imports: work in slices, resume what was killed, delete files in time."""

import time
import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.db import transaction
from portal.imports.operations import purge_ended, work_on
from portal.imports.queries import list_working
from portal.queue import JobName, QueueName, wake
from portal.queue.periodic import poll_when_redis_is_away, run_periodically
from portal.settings.queries import value
from portal.settings.rules import retention

JOB_SECONDS = 30.0


def register() -> None:
    """Makes the tasks known to workers and to the ticker."""
    run_periodically("imports.resume", timedelta(seconds=10), resume)
    run_periodically("imports.purge", timedelta(hours=1), purge)
    poll_when_redis_is_away("imports.work", poll)


def work(import_id: str) -> None:
    """The job: works on one import for a while, then hands over to a wake-up of its own."""
    found = uuid.UUID(import_id)
    if work_on(found, time.monotonic() + JOB_SECONDS):
        wake(QueueName.IMPORTS, JobName.WORK_ON_IMPORT, found)


def poll() -> bool:
    """One chunk of the oldest open import, for the ticker while Redis is away; says whether more is left."""
    with transaction() as session:
        open_ones = list_working(session)
    return any(work_on(one, time.monotonic()) for one in open_ones[:1])


def resume(session: Session) -> None:
    """Wakes a worker for every import that has work; where one is at it already, the wake-up ends at once."""
    for one in list_working(session):
        wake(QueueName.IMPORTS, JobName.WORK_ON_IMPORT, one)


def purge(session: Session) -> None:
    """Deletes the files whose time is over."""
    purge_ended(session, value(retention.IMPORT_FILES))
