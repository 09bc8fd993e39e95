"""One chunk of work on an import, in one transaction that a killed worker leaves undone: checking, or writing."""

import uuid

from sqlalchemy.orm import Session

from portal.audit.operations import Outcome
from portal.crypto.errors import CellError
from portal.db import utc_now
from portal.imports.events import ImportEvent
from portal.imports.models import ClientImport, ImportState
from portal.imports.operations.check import check_chunk, forget_seen
from portal.imports.operations.noting import note
from portal.imports.operations.write import stop, write_chunk
from portal.imports.queries import claim_import, find_chunk
from portal.imports.rules.counting import Counts
from portal.web.actor import Actor, ActorKind


def advance(session: Session, import_id: uuid.UUID) -> bool:
    """
    Works on the next chunk and says whether more is left. An import that somebody else works on is left to them.

    The row is held until the commit, so that two workers never do the same chunk; when one is killed, the database
    undoes its chunk and lets go of the row.
    """
    row = claim_import(session, import_id)
    if row is None or not row.is_working:
        return False
    if row.next_chunk < row.chunks:
        try:
            _work(session, row)
        except CellError as error:
            _fail(session, row, error)
    if row.is_working and row.next_chunk >= row.chunks:
        _finish(session, row)
    session.flush()
    return row.is_working


def actor_of(row: ClientImport) -> Actor:
    """Who asked for the import; what a worker does for it is theirs."""
    return Actor(ActorKind(row.actor_kind), row.requested_by, row.requested_by_id)


def _work(session: Session, row: ClientImport) -> None:
    chunk = find_chunk(session, row.id, row.next_chunk)
    if row.state == ImportState.CHECKING:
        check_chunk(session, row, chunk)
    elif trouble := write_chunk(session, row, chunk, actor_of(row)):
        stop(session, row, trouble, actor_of(row))
        row.ended_at = utc_now()
        return
    row.next_chunk += 1


def _finish(session: Session, row: ClientImport) -> None:
    checking = row.state == ImportState.CHECKING
    if checking:
        row.state, row.checked_at = ImportState.CHECKED, utc_now()
        forget_seen(session, row)
    else:
        row.state, row.ended_at = ImportState.DONE, utc_now()
    counts = Counts.from_json(row.checked_rows if checking else row.written_rows)
    action = ImportEvent.CHECKED if checking else ImportEvent.FINISHED
    note(session, action, row, actor_of(row), counts.words())


def _fail(session: Session, row: ClientImport, error: CellError) -> None:
    row.state, row.ended_at, row.trouble = ImportState.FAILED, utc_now(), error.code
    note(session, ImportEvent.STOPPED, row, actor_of(row), error.code, outcome=Outcome.FAILED)
