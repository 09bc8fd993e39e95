"""What the ticker does for verifications: deletes old ones once a day."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.queue.periodic import run_periodically
from portal.verification.operations import purge


def register() -> None:
    """Makes the task known to the ticker."""
    run_periodically("verification.purge", timedelta(days=1), purge_old)


def purge_old(session: Session) -> None:
    """Deletes what nobody needs any more."""
    purge(session)
