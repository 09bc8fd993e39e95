"""What the ticker does for the preference centre: answers those who asked for a link."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.preferences.operations.links import answer_links
from portal.queue.periodic import run_periodically


def register() -> None:
    """Makes the task known to the ticker."""
    run_periodically("preferences.links", timedelta(seconds=5), answer)


def answer(_session: Session) -> None:
    """Answers everybody who waits; on the session that the ticker opened, which is the application's own."""
    answer_links()
