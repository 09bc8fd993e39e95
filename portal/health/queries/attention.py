"""Which parts were last found broken, for the home page."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.health.models import HealthState
from portal.health.rules.report import Kind, Part


def list_broken(session: Session) -> Sequence[HealthState]:
    """
    The parts that were last found broken, the oldest trouble first.

    What only could be better stays on the health page, and the audit log speaks for itself.
    """
    broken = select(HealthState).where(HealthState.kind == Kind.BAD, HealthState.part != Part.AUDIT)
    return session.scalars(broken.order_by(HealthState.since, HealthState.part)).all()
