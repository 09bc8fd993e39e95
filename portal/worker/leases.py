"""Frees at once what a killed process had claimed, instead of waiting for its leases to run out."""

import structlog

from portal.db import new_session
from portal.queue import HORSE_LOST

log = structlog.get_logger("worker.leases")


def free_leases(owner: str) -> None:
    """Asks every feature that gives leases; one that fails is logged, and its sweep comes later anyway."""
    for name, free in HORSE_LOST.items():
        try:
            with new_session() as session, session.begin():
                freed = free(session, owner)
        except Exception as error:  # noqa: BLE001 - the next feature's leases must be freed all the same
            log.error("worker.leases_not_freed", hook=name, owner=owner, error=type(error).__name__)  # noqa: TRY400
        else:
            log.warning("worker.leases_freed", hook=name, owner=owner, freed=freed)
