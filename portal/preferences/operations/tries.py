"""
How often one network tries links that are not ours, counted in Redis for a quarter of an hour.

Nobody guesses a link: it holds 192 bits. This keeps the trying from costing much. While Redis is away nothing is
counted and bad links are answered as ever; what sends mail is counted in the database.
"""

import time

import structlog
from redis.exceptions import RedisError

from portal.preferences.operations.links import network_hash
from portal.queue.connection import redis_connection

MOST = 200
SECONDS = 900
log = structlog.get_logger("preferences.tries")


def is_over(ip: str) -> bool:
    """Counts one more try and says whether this network tried too often. Redis holds a keyed hash, no address."""
    connection = redis_connection()
    if connection is None:
        return False
    key = f"heedful:links:{network_hash(ip).hex()}:{int(time.time() // SECONDS)}"
    try:
        with connection.pipeline() as pipe:
            pipe.incr(key)
            pipe.expire(key, SECONDS)
            count, _ = pipe.execute()
    except RedisError as error:
        log.warning("tries.not_counted", error=type(error).__name__)
        return False
    return int(count) > MOST
