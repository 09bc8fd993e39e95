"""Writes one chunk: new clients, changes and consents in a few statements, one entry in the audit log, or nothing."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from portal.clients.models import Source
from portal.clients.operations.bulk import BulkClient, BulkPoint, change_clients, copy_clients, copy_points
from portal.consent.operations import import_consents
from portal.consent.rules import ImportedConsent, ImportOutcome
from portal.db import new_id
from portal.imports.events import ImportEvent
from portal.imports.models import ClientImport, ImportChunk, ImportState
from portal.imports.operations.check import Chunk
from portal.imports.operations.noting import note
from portal.imports.operations.resolve import Resolved
from portal.imports.rules.counting import Counts
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.problems import Trouble, is_flag
from portal.web.actor import Actor


def write_chunk(session: Session, row: ClientImport, chunk: ImportChunk, actor: Actor) -> Trouble | None:
    """
    Writes the good rows of the chunk. Rows that the check kept out stay out; rows are compared anew with who is here.

    Where all or none was asked for, a row that is not good any more writes nothing, and is the answer.
    """
    known = frozenset(line for line, _, problem in chunk.problems if not is_flag(problem))
    looked = Chunk(session, row, chunk, known=known, hold=True)
    good = looked.resolve()
    fresh = [one for one in looked.troubles if not is_flag(one.problem)]
    if row.whole and fresh:
        return min(fresh)
    mapping = Mapping.from_json(row.mapping)
    counts = looked.counts(good)
    change_clients(session, {one.client_id: one.fields for one in good if one.fields})
    copy_points(session, _add_clients(session, good, mapping))
    # The ledger has the last word on each consent, so that only those count which it took.
    consents = list(_consents(good, mapping))
    counts.consents = import_consents(session, consents, actor)[ImportOutcome.TAKEN] if consents else 0
    chunk.problems = sorted([*chunk.problems, *(list(one) for one in fresh)])
    total = Counts.from_json(row.written_rows)
    total.add(counts)
    row.written_rows = total.to_json()
    note(session, ImportEvent.WRITTEN, row, actor, f"chunk {chunk.number}: {counts.words()}")
    return None


def stop(session: Session, row: ClientImport, trouble: Trouble, actor: Actor) -> None:
    """Ends an import of all or none before the chunk of a row that is not good any more."""
    row.state, row.stopped_line, row.trouble = ImportState.STOPPED, trouble.line, trouble.problem
    note(session, ImportEvent.STOPPED, row, actor, f"before the rows with line {trouble.line:,}: {trouble.problem}")


def _add_clients(session: Session, rows: Sequence[Resolved], mapping: Mapping) -> list[BulkPoint]:
    """Adds the new clients; answers the addresses that are still to be added, theirs and those of known ones."""
    clients: list[BulkClient] = []
    points: list[BulkPoint] = []
    for one in rows:
        person = one.person
        if one.is_new:
            zone, zone_source = person.home()
            clients.append(
                BulkClient(
                    id=one.client_id,
                    full_name=person.name,
                    language=person.language or mapping.language,
                    time_zone=zone,
                    time_zone_source=zone_source,
                    country=person.country or None,
                    source=Source.IMPORT,
                    department=person.department,
                    attributes=person.attributes,
                )
            )
        # In the order of the columns, also within one millisecond.
        for number, point_id in zip(one.added, sorted(new_id() for _ in one.added), strict=True):
            one.point_ids[number] = point_id
            points.append(BulkPoint(point_id, one.client_id, person.points[number], one.places[number][1]))
    copy_clients(session, clients)
    return points


def _consents(rows: Sequence[Resolved], mapping: Mapping) -> Iterator[ImportedConsent]:
    for row in rows:
        ids = {point.channel: found for point, found in zip(row.person.points, row.point_ids, strict=True)}
        for one in row.consents:
            yield ImportedConsent(
                client_id=row.client_id,
                topic_id=one.topic_id,
                channel=one.channel,
                wording_id=one.wording_id,
                source=one.source,
                occurred_at=one.occurred_at,
                contact_point_id=ids[one.channel],
                confirmed=mapping.confirmed,
            )
