"""Running processes say which generation of the ring they have loaded, so that a new key is not used too early."""

import os
import socket
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.crypto.models import CryptoRing, CryptoRingAck

LIVE = timedelta(minutes=2)
FORGOTTEN = timedelta(days=1)


def read_generation(session: Session) -> int | None:
    """The present generation of the ring; None while there is no ring."""
    return session.scalar(select(CryptoRing.generation))


def acknowledge(session: Session, generation: int) -> None:
    """Records that this process works with that generation, and forgets processes of more than a day ago."""
    told = insert(CryptoRingAck).values(
        process=f"{socket.gethostname()}:{os.getpid()}", generation=generation, seen_at=func.now()
    )
    session.execute(
        told.on_conflict_do_update(
            index_elements=["process"],
            set_={"generation": told.excluded.generation, "seen_at": told.excluded.seen_at},
        )
    )
    session.execute(delete(CryptoRingAck).where(CryptoRingAck.seen_at < func.now() - FORGOTTEN))


def processes_behind(session: Session) -> list[str]:
    """Processes seen within two minutes that have not loaded the present generation."""
    present = select(CryptoRing.generation).scalar_subquery()
    return list(
        session.scalars(
            select(CryptoRingAck.process)
            .where(CryptoRingAck.seen_at > func.now() - LIVE, CryptoRingAck.generation < present)
            .order_by(CryptoRingAck.process)
        )
    )
