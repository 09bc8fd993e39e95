"""
Password hashes: argon2id with the library's own defaults, and never more at once than the memory allows.

One verification takes 64 MiB and about 0.1 s, so a flood of sign-ins would otherwise take the machine down.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.staff.rules.passwords import normalise_password

CONCURRENT_HASHES = 4
WAIT_SECONDS = 5.0

HASHER = PasswordHasher()
PLACES = BoundedSemaphore(CONCURRENT_HASHES)


class TooManyVerifications(Exception):
    """So many passwords are being checked that another would only make it worse."""


@contextmanager
def place() -> Iterator[None]:
    """One of the few places for hashing; refuses after a short wait instead of queueing without end."""
    if not PLACES.acquire(timeout=WAIT_SECONDS):
        raise TooManyVerifications
    try:
        yield
    finally:
        PLACES.release()


def hash_password(password: str) -> str:
    """The hash to store for a new password."""
    with place():
        return HASHER.hash(normalise_password(password))


@cache
def stand_in_hash() -> str:
    """A hash nobody knows the password of; checked where there is no account, so that both take the same time."""
    return HASHER.hash("stand-in for accounts that do not exist")


def is_password(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored hash the answer is no, after the same work."""
    with place():
        try:
            matches = HASHER.verify(stored or stand_in_hash(), normalise_password(password))
        except (VerificationError, InvalidHashError):
            return False
    return matches and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's and should be made anew at this sign-in."""
    return HASHER.check_needs_rehash(stored)
