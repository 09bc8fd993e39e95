"""The connections to Redis: pooled and impatient for pages, patient for workers; and whether Redis is there at all."""

import time
from enum import StrEnum
from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import BlockingConnectionPool
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.config.current import current

SHORT = 1.0
"""Seconds anybody waits for a connection to be made, or for a free one of the pool."""

LONG = 20.0
"""Seconds a worker waits for an answer: longer than it lets its queue block."""

STATE_AGE = 1.0
"""Seconds for which the answer of redis_state() is kept."""


class RedisState(StrEnum):
    """Whether wake-ups can be passed on. Absent means that none is configured; the ticker then polls."""

    UP = "up"
    DOWN = "down"
    ABSENT = "absent"


_seen: dict[str, tuple[float, RedisState]] = {}


def redis_url() -> str:
    """The configured address, with what it says of TLS; empty where there is no Redis."""
    return current().redis.url.reveal()


def redis_connection() -> "Redis | None":
    """The client of this process, or None where no Redis is configured. It gives up soon, never blocks a page."""
    url = redis_url()
    settings = current().redis
    return _client(url, settings.max_connections, settings.timeout) if url else None


def worker_connection() -> "Redis | None":
    """A client of its own for a worker, which waits on its queue for longer than a page may."""
    url = redis_url()
    return _client.__wrapped__(url, 4, LONG) if url else None


def redis_state() -> RedisState:
    """Up, down or absent, as of at most a second ago: cheap enough for every page."""
    url = redis_url()
    at, state = _seen.get(url, (float("-inf"), RedisState.ABSENT))
    if time.monotonic() - at >= STATE_AGE:
        state = _ask()
        _seen[url] = (time.monotonic(), state)
    return state


def _ask() -> RedisState:
    connection = redis_connection()
    if connection is None:
        return RedisState.ABSENT
    try:
        connection.ping()
    except RedisError:
        return RedisState.DOWN
    return RedisState.UP


@cache
def _client(url: str, size: int, patience: float) -> "Redis":
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=size,
        timeout=SHORT,
        socket_timeout=patience,
        socket_connect_timeout=SHORT,
        # One more try at once: the first one may meet a pooled connection that died with the last Redis.
        retry=Retry(NoBackoff(), 1),
    )
    return Redis(connection_pool=pool)
