"""Looks for values in every place that could keep them, however they are written there."""

import base64
import re
import subprocess
from urllib.parse import quote, quote_plus

from portal.launch.postgres import find_postgres
from redis import Redis

from tests.fixtures.database import Database


def spellings(value: str) -> set[str]:
    """A value as the places to be searched could hold it, in small letters."""
    raw = value.encode()
    coded = {base64.b64encode(raw).decode().rstrip("=")[:-1], raw.hex()}
    return {one.lower() for one in {value, quote(value), quote_plus(value), *coded}}


def hits(places: dict[str, str], marks: dict[str, str]) -> list[str]:
    """Which mark stands where."""
    lowered = {place: text.lower() for place, text in places.items()}
    return [
        f"{name} in {place}"
        for place, text in lowered.items()
        for name, value in marks.items()
        if any(one in text for one in spellings(value))
    ]


def code_hits(places: dict[str, str], codes: list[str]) -> list[str]:
    """Which code of six digits stands where; fractions of seconds and hexadecimal digits are none."""
    shapes = [(code, re.compile(rf"(?<![0-9a-fA-F.]){code}(?![0-9a-fA-F])")) for code in codes]
    return [f"{code} in {place}" for place, text in places.items() for code, shape in shapes if shape.search(text)]


def everything_in(redis: Redis) -> str:
    """All keys with what they hold, whatever their kind."""
    readers = {b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers}
    readers |= {b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1)}
    readers |= {b"stream": redis.xrange, b"none": lambda _: b""}
    return "\n".join(f"{key!r} {readers[redis.type(key)](key)!r}" for key in redis.scan_iter())


def dump(database: Database) -> str:
    """The whole database as text, as a backup would hold it."""
    command = [find_postgres()[0] / "pg_dump", "--dbname", database.superuser_url.replace("+psycopg", "")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
