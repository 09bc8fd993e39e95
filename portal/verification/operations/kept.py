"""The codes in Redis: a keyed hash and the tries that are left, for ten minutes. All of it may be lost at any time."""

import uuid
from collections.abc import Sequence
from enum import StrEnum

from redis import Redis
from redis.exceptions import RedisError

from portal.queue import redis_connection
from portal.verification.rules.codes import LIFETIME, TRIES

PREFIX = "heedful:verification:"
KEEP = """
redis.call('HSET', KEYS[1], 'mark', ARGV[1], 'left', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
# One script, so that two checks at once can neither both use up the code nor share a try.
TRY = """
local mark = redis.call('HGET', KEYS[1], 'mark')
if not mark then return {'gone', 0} end
for _, typed in ipairs(ARGV) do
  if typed == mark then
    redis.call('DEL', KEYS[1])
    return {'right', 0}
  end
end
local left = redis.call('HINCRBY', KEYS[1], 'left', -1)
if left <= 0 then redis.call('DEL', KEYS[1]) end
return {'wrong', left}
"""


class Tried(StrEnum):
    """What Redis says of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    GONE = "gone"


class CodesAway(Exception):
    """Redis does not answer, so that no code can be kept or checked."""


def require_redis() -> None:
    """Raises CodesAway while Redis does not answer."""
    try:
        _redis().ping()
    except RedisError:
        raise CodesAway from None


def keep(verification_id: uuid.UUID, mark: str) -> None:
    """Keeps the hash of a code for its lifetime, or raises CodesAway."""
    try:
        _redis().eval(KEEP, 1, _key(verification_id), mark, TRIES, int(LIFETIME.total_seconds()))
    except RedisError:
        raise CodesAway from None


def try_marks(verification_id: uuid.UUID, marks: Sequence[str]) -> tuple[Tried, int]:
    """Whether one of the hashes is the kept one, and how many tries are left. A right one is used up by this."""
    try:
        word, left = _redis().eval(TRY, 1, _key(verification_id), *marks)
    except RedisError:
        raise CodesAway from None
    return Tried(word.decode()), int(left)


def drop(verification_ids: Sequence[uuid.UUID]) -> None:
    """Makes codes worthless at once. Their rows say the same, so an absent Redis harms nothing."""
    try:
        if verification_ids:
            _redis().unlink(*map(_key, verification_ids))
    except (RedisError, CodesAway):
        return


def _redis() -> "Redis":
    connection = redis_connection()
    if connection is None:
        raise CodesAway
    return connection


def _key(verification_id: uuid.UUID) -> str:
    return f"{PREFIX}{verification_id}"
