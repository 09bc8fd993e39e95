"""The blueprint all staff pages hang on, and what they say when the machine has too many passwords to check."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint

from portal.staff.rules.hashing import TooManyVerifications
from portal.web.errors import PortalError

blueprint = Blueprint("staff", __name__)


@contextmanager
def password_work() -> Iterator[None]:
    """Around everything that hashes: a refusal for want of memory becomes a page that says to come back."""
    try:
        yield
    except TooManyVerifications:
        raise PortalError(
            503, "Too many people are signing in", "Your password was not checked.", "Try again in a few seconds."
        ) from None
