"""Whether single keys do things for this browser session; some people must be able to switch them off (WCAG 2.1.4)."""

from flask import session


def single_keys() -> bool:
    """Whether single keys are shortcuts; they are until switched off."""
    return bool(session.get("single_keys", True))


def set_single_keys(*, on: bool) -> None:
    """Remembers the choice until the browser session ends."""
    session["single_keys"] = on
