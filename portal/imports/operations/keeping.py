"""Files go: some days after the import ended, and at once when somebody is erased who may be in one of them."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import utc_now
from portal.imports.events import ImportEvent
from portal.imports.models import ENDED, ClientImport, ImportChunk, ImportSeen, ImportState
from portal.imports.operations.noting import note
from portal.imports.queries import list_purgeable
from portal.web.actor import SYSTEM, Actor


def purge_ended(session: Session, kept: timedelta) -> int:
    """Deletes the rows of imports that ended that long ago, or that nobody went on with; says how many went."""
    rows = list_purgeable(session, utc_now() - kept)
    for row in rows:
        if not row.is_over:
            row.state, row.ended_at = ImportState.CANCELLED, utc_now()
        _purge(session, row, SYSTEM)
    return len(rows)


def purge_files(session: Session, actor: Actor) -> int:
    """Deletes the rows of every import that has ended, whenever that was; says how many chunks went."""
    over = select(ClientImport).where(ClientImport.state.in_(ENDED), ClientImport.purged_at.is_(None))
    rows = session.scalars(over.order_by(ClientImport.id).with_for_update()).all()
    return sum(_purge(session, row, actor) for row in rows)


def _purge(session: Session, row: ClientImport, actor: Actor) -> int:
    session.execute(delete(ImportSeen).where(ImportSeen.import_id == row.id))
    emptied = update(ImportChunk).where(ImportChunk.import_id == row.id).values(data=None)
    chunks = session.execute(emptied.returning(ImportChunk.id)).all()
    # A cell that cannot be read may be emptied, though never written over.
    row._file_name = row._columns = None  # noqa: SLF001
    row.purged_at = utc_now()
    note(session, ImportEvent.PURGED, row, actor, f"{row.rows:,} rows")
    session.flush()
    return len(chunks)
