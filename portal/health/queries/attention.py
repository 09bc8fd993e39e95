"""What of the health of the portal needs a person, as the home page shows it."""

from sqlalchemy import select

from portal.db import db
from portal.health.models import HealthState
from portal.health.rules.report import Kind
from portal.web.actor import Actor
from portal.web.slots import Attention

NAMES = {
    "database": "The database is crowded",
    "redis": "Redis needs a look",
    "workers": "Workers are missing",
    "ticker": "The ticker needs a look",
    "disk": "The disk is filling",
    "audit": "The audit log is broken",
    "schema": "Clock or schema needs a look",
    "keys": "The encryption keys are locked",
}


def list_attention(actor: Actor, url: str) -> list[Attention]:
    """The parts that were last found broken, for administrators; what only could be better stays on the health page."""
    if "admin" not in actor.roles:
        return []
    rows = db.session.scalars(select(HealthState).where(HealthState.kind == Kind.BAD).order_by(HealthState.since))
    return [Attention("bad", "pulse", NAMES.get(row.part, row.part), row.remedy, url, "See health") for row in rows]
