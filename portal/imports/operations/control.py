"""What people decide about an import: confirming it with its number, cancelling it, looking at it."""

import uuid

from portal.audit.operations import AccessType, record_read
from portal.db import db, utc_now
from portal.imports.events import ImportEvent
from portal.imports.models import ClientImport, ImportState
from portal.imports.operations.noting import note
from portal.imports.queries import hold_import
from portal.imports.rules.counting import Counts
from portal.web.actor import Actor


class ImportRefused(Exception):
    """An act that is not possible now; the text is a sentence for people."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


class MappingIncomplete(ImportRefused):
    """A mapping with which rows could not be checked."""


def confirm_import(import_id: uuid.UUID, number: int, actor: Actor, *, whole: bool) -> ClientImport:
    """
    Starts writing, for exactly the number of clients the person saw. Confirming twice is refused.

    `whole` asks for all rows or none: it takes a check without problems, and stops where a row is not good any more.
    """
    row = hold_import(db.session(), import_id)
    counts = Counts.from_json(row.checked_rows)
    if row.state != ImportState.CHECKED or row.purged_at:
        raise ImportRefused("This import has gone on meanwhile. Look at where it stands.")
    if number != counts.good:
        raise ImportRefused("The numbers changed since you saw them. Look at them again, and then import.")
    if not number:
        raise ImportRefused("There is nothing to import: no row is new or changes a client.")
    if whole and counts.kept_out:
        raise ImportRefused("Some rows have problems. Correct the file, or import the good rows.")
    row.state, row.whole, row.next_chunk, row.written_rows = ImportState.IMPORTING, whole, 0, {}
    row.phase_started_at = utc_now()
    how = "all rows or none" if whole else "the good rows"
    note(db.session(), ImportEvent.CONFIRMED, row, actor, f"{number:,} clients, {how}")
    db.session.flush()
    return row


def cancel_import(import_id: uuid.UUID, actor: Actor) -> ClientImport:
    """Ends an import after the chunk that is being written; what was written stays. Doing it twice changes nothing."""
    row = hold_import(db.session(), import_id)
    if not row.is_over:
        row.state, row.ended_at = ImportState.CANCELLED, utc_now()
        written = Counts.from_json(row.written_rows).good
        note(db.session(), ImportEvent.CANCELLED, row, actor, f"{written:,} clients were written before")
        db.session.flush()
    return row


def note_viewed(row: ClientImport, actor: Actor) -> None:
    """Notes a look at the page of an import, which shows first values masked."""
    record_read(ImportEvent.VIEWED, actor, object_type="client_import", object_id=row.id)


def note_report(row: ClientImport, actor: Actor) -> None:
    """Notes that somebody downloads lines and problems; there is no personal data in them."""
    access = AccessType.REPORT
    record_read(ImportEvent.REPORTED, actor, access_type=access, object_type="client_import", object_id=row.id)
