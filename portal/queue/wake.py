"""Waking a worker up: said many times, queued once, and never a reason for a page to fail."""

import uuid

import structlog
from redis import Redis
from redis.exceptions import RedisError

from portal.queue.connection import redis_connection
from portal.queue.jobs import JOB_TIMEOUT, WAKE_TTL, SafeQueue, check_call
from portal.queue.names import JobName
from portal.queue.slices import wake_key

COALESCE = 5
"""Seconds for which one wake-up stands for all the same ones: the longest a lost one can go unnoticed by the next."""

log = structlog.get_logger("queue.wake")


class _Failures:
    count = 0


def failed_wakes() -> int:
    """How many wake-ups of this process Redis could not take."""
    return _Failures.count


def wake(queue: str, job: JobName | str, *arguments: uuid.UUID | int | str) -> bool:
    """
    Hints to a worker that work is waiting; call it after the commit that made the work.

    True when a wake-up is on its way, this one or the same one a moment ago. Without Redis the answer is False and
    nothing is lost: the ticker looks at the rows themselves.
    """
    values = [str(value) if isinstance(value, uuid.UUID) else value for value in arguments]
    check_call(job, values)
    try:
        connection = redis_connection()
        return connection is not None and _enqueue(connection, queue, str(job), values)
    except RedisError as error:
        _Failures.count += 1
        log.warning("queue.wake_failed", queue=queue, job=str(job), error=type(error).__name__)
        return False


def _enqueue(connection: "Redis", queue: str, job: str, values: list[int | str]) -> bool:
    if connection.set(wake_key(queue, job, values), 1, nx=True, ex=COALESCE):
        SafeQueue(queue, connection).enqueue_call(
            job,
            args=values,
            timeout=JOB_TIMEOUT,
            ttl=WAKE_TTL,
            result_ttl=0,
            failure_ttl=WAKE_TTL,
            # RQ would otherwise write the call with its arguments in clear.
            description=job,
        )
    return True
