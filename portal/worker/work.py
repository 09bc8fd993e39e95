"""Listens to one queue, and outlives Redis: while it is away the worker waits, and says so once."""

import structlog
from redis import Redis
from redis.exceptions import RedisError

from portal.queue import RedisState, redis_state
from portal.queue.connection import worker_connection
from portal.worker.beats import Beats
from portal.worker.pump import PumpWorker
from portal.worker.stop import Stop

PAUSE = 1.0
log = structlog.get_logger("worker.work")


def work(queue: str) -> None:
    """Does the jobs of the queue until SIGTERM."""
    stop, beats = Stop(), Beats("worker", queue)
    stop.listen()
    try:
        while not stop.asked:
            beats.beat("starting")
            _wait_for_redis(stop, beats)
            connection = worker_connection()
            if connection is not None and not stop.asked:
                _listen(queue, connection, stop, beats)
    finally:
        beats.end()


def _listen(queue: str, connection: "Redis", stop: Stop, beats: Beats) -> None:
    try:
        PumpWorker(queue, connection, stop, beats).work(logging_level="WARNING")
    except RedisError as error:
        log.warning("worker.redis_lost", queue=queue, error=type(error).__name__)
    finally:
        stop.listen()
        connection.connection_pool.disconnect()
    stop.wait(PAUSE)


def _wait_for_redis(stop: Stop, beats: Beats) -> None:
    state = redis_state()
    if state != RedisState.UP:
        log.warning("worker.waits_for_redis", redis=state)
    while not stop.asked and redis_state() != RedisState.UP:
        beats.beat("waiting for Redis")
        stop.wait(PAUSE)
