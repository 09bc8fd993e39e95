"""Saying what the columns become. It is remembered for the next file with the same columns, and starts the check."""

import uuid

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert

from portal.db import db, utc_now
from portal.imports.events import ImportEvent
from portal.imports.models import ClientImport, ImportMapping, ImportSeen, ImportState
from portal.imports.operations.control import ImportRefused, MappingIncomplete
from portal.imports.operations.noting import note
from portal.imports.queries import hold_import, list_topic_choices
from portal.imports.rules.mapping import Mapping, mapping_problems
from portal.web.actor import Actor

MAPPABLE = frozenset({ImportState.UPLOADED, ImportState.CHECKED})


def map_columns(import_id: uuid.UUID, mapping: Mapping, actor: Actor) -> ClientImport:
    """
    Takes the mapping and asks for a check of all rows; what an earlier check found is forgotten.

    Raises ImportRefused when something is missing, or when the import has gone on meanwhile.
    """
    row = hold_import(db.session(), import_id)
    if row.state not in MAPPABLE or row.purged_at:
        raise ImportRefused("This import has gone on meanwhile. Look at where it stands.")
    if problems := mapping_problems(mapping, list_topic_choices()):
        raise MappingIncomplete(*problems)
    row.mapping = mapping.to_json()
    row.state, row.next_chunk, row.checked_rows = ImportState.CHECKING, 0, {}
    row.phase_started_at, row.checked_at = utc_now(), None
    db.session.execute(delete(ImportSeen).where(ImportSeen.import_id == import_id))
    _remember(row)
    note(db.session(), ImportEvent.MAPPED, row, actor, f"{mapping.used} of {len(mapping.targets)} columns used")
    db.session.flush()
    return row


def _remember(row: ClientImport) -> None:
    kept = insert(ImportMapping).values(fingerprint=row.fingerprint, mapping=row.mapping)
    fresh = {"mapping": kept.excluded.mapping, "used_at": func.now()}
    db.session.execute(kept.on_conflict_do_update(index_elements=["fingerprint"], set_=fresh))
