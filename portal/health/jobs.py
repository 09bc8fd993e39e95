"""Looks at every part each half minute, so that the page knows since when even if nobody watched."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.health.operations import observe
from portal.health.queries.parts import all_reports
from portal.queue.periodic import run_periodically

EVERY = timedelta(seconds=30)


def watch(session: Session) -> None:
    """Looks at every part and remembers how it was found."""
    observe(session, all_reports(session))


def register() -> None:
    """Gives the watch to the ticker."""
    run_periodically("health.watch", EVERY, watch)
