"""
What a password must be: long enough, not among the common ones, not a word we know about the person.

No composition rules and no expiry: both make people choose worse passwords (NIST SP 800-63B, ASVS 6.2).
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MIN_LENGTH = 8
ADVISED_LENGTH = 15
MAX_LENGTH = 1024  # refused, never cut

COMMON_FILE = Path(__file__).with_name("common_passwords.txt")


def normalise_password(password: str) -> str:
    """The same typed text gives the same bytes on every keyboard and system (NFKC); nothing is cut."""
    return unicodedata.normalize("NFKC", password)


@cache
def common_passwords() -> frozenset[str]:
    """The bundled list of passwords that are tried first everywhere."""
    return frozenset(COMMON_FILE.read_text(encoding="utf-8").splitlines())


def problem_with_password(password: str, personal: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, as a sentence that says how to mend it; None when it is fine."""
    normal = normalise_password(password)
    if len(normal) < MIN_LENGTH:
        return f"Use at least {MIN_LENGTH} characters; {ADVISED_LENGTH} or more are better"
    if len(normal) > MAX_LENGTH:
        return f"Use at most {MAX_LENGTH} characters"
    folded = normal.casefold()
    if folded in common_passwords() or len(set(folded)) < 3:
        return "This password is among the most common ones. Choose another, such as four unrelated words"
    if any(folded == word.casefold() for word in personal):
        return "This password is your own name or address. Choose one that nobody can look up"
    return None
