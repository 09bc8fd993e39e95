"""Asks the workers of a queue for a sign of life, all the way through Redis, and measures how long it took."""

import time
import uuid

from redis.exceptions import RedisError
from rq.defaults import RQ_KEY_PREFIX

from portal.queue.connection import redis_connection
from portal.queue.names import JobName, QueueName
from portal.queue.wake import wake

ANSWER_TTL = 30
PAUSE = 0.005


def probe(queue: str = QueueName.DEFAULT, patience: float = 2.0) -> float | None:
    """Seconds until a worker of the queue has answered; None when none did within the patience, or Redis is away."""
    connection, token = redis_connection(), uuid.uuid4()
    started = time.monotonic()
    if connection is None or not wake(queue, JobName.PROBE, token):
        return None
    try:
        # Asked again and again, because the pages' connections are cut off when they wait.
        while time.monotonic() - started < patience:
            if connection.delete(_key(str(token))):
                return time.monotonic() - started
            time.sleep(PAUSE)
    except RedisError:
        return None
    return None


def answer(token: str) -> None:
    """The job: leaves the answer where the asker waits."""
    connection = redis_connection()
    if connection is not None:
        connection.set(_key(token), 1, ex=ANSWER_TTL)


def _key(token: str) -> str:
    return f"{RQ_KEY_PREFIX}:probe:{token}"
