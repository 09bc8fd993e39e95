"""The connections to Redis: pooled and impatient for pages, patient for workers; and whether Redis is there at all."""

import os
import time
from enum import StrEnum
from functools import cache
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import BlockingConnectionPool
from redis.exceptions import RedisError
from redis.retry import Retry

PATIENCE = 1.0
"""Seconds a page waits for Redis, or for a free connection of the pool."""

STATE_AGE = 1.0
"""Seconds for which the answer of redis_state() is kept."""


class RedisState(StrEnum):
    """Whether wake-ups can be passed on. Absent means that none is configured; the ticker then polls."""

    UP = "up"
    DOWN = "down"
    ABSENT = "absent"


_seen: dict[str, tuple[float, RedisState]] = {}


def redis_url() -> str:
    """The configured address in the form the client reads; empty where there is no Redis."""
    text = os.environ.get("REDIS_URL", "")
    # Some libraries want redis+unix:// for a socket, the client wants unix://. Both are accepted as REDIS_URL.
    return text.removeprefix("redis+") if text.startswith("redis+unix://") else text


def redis_connection() -> "Redis | None":
    """The client of this process, or None where no Redis is configured. It gives up after a second, never blocks."""
    url = redis_url()
    return _client(url, _options(url), 20, PATIENCE) if url else None


def worker_connection() -> "Redis | None":
    """A client of its own for a worker, which waits on its queue for longer than a page may."""
    url = redis_url()
    return _client.__wrapped__(url, _options(url), 4, 20.0) if url else None


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


def _options(url: str) -> tuple[tuple[str, Any], ...]:
    if not url.startswith("rediss://"):
        return ()
    return (("ssl_cert_reqs", "required"),)


@cache
def _client(url: str, options: tuple[tuple[str, Any], ...], size: int, patience: float) -> "Redis":
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=size,
        timeout=PATIENCE,
        socket_timeout=patience,
        socket_connect_timeout=PATIENCE,
        # One more try at once: the first one may meet a pooled connection that died with the last Redis.
        retry=Retry(NoBackoff(), 1),
        **dict(options),
    )
    return Redis(connection_pool=pool)
