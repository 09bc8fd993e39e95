"""What the ticker does for consent: it writes down what ended by itself."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.consent.operations import expire_due
from portal.queue.periodic import run_periodically


def register() -> None:
    """Makes the task known to the ticker."""
    run_periodically("consent.expire_due", timedelta(minutes=1), expire)


def expire(session: Session) -> None:
    """Ends what is due."""
    expire_due(session)
