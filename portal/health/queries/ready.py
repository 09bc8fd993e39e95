"""Whether this process can serve: what a load balancer asks before it sends people here."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.crypto.errors import CryptoError
from portal.crypto.keyring import self_test
from portal.db import new_session
from portal.health.queries.schema import applied, heads
from portal.queue import redis_state

log = structlog.get_logger("health.ready")


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state word of each component, and whether the ones that must work do."""

    ready: bool
    components: dict[str, str]


def readiness() -> Readiness:
    """Asks database, migrations and key ring in this order; what stands on a broken one is not asked."""
    components = {}
    ready = True
    for name, check in NEEDED.items():
        components[name] = check() if ready else "unknown"
        ready = ready and components[name] == "ok"
    return Readiness(ready, {**components, "redis": str(redis_state())})


def _database() -> str:
    try:
        with new_session() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("ready.database_away", error=type(error).__name__)
        return "down"
    return "ok"


def _migrations() -> str:
    with new_session() as session:
        return "ok" if applied(session.connection()) == heads()[0] else "behind"


def _key_ring() -> str:
    try:
        self_test()
    except CryptoError as error:
        log.warning("ready.key_ring", error=type(error).__name__)
        return "locked"
    return "ok"


NEEDED: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "key_ring": _key_ring}
