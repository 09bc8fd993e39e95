"""Taking a file: read once, its rows sealed in chunks in the database; in clear it is nowhere."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from sqlalchemy import insert

from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose
from portal.db import db, new_id
from portal.imports.events import ImportEvent
from portal.imports.models import ClientImport, ImportChunk, ImportState
from portal.imports.operations.noting import note
from portal.imports.rules.delimited import Row
from portal.imports.rules.encoding import Encoding
from portal.imports.rules.header import fingerprint
from portal.imports.rules.masking import mask_cell
from portal.imports.rules.packing import ROWS, pack
from portal.imports.rules.table import Table, open_table
from portal.web.actor import Actor

LONGEST_NAME = 200
DATA = "import_chunk.data"


def start_import(
    file: BinaryIO, name: str, size: int, actor: Actor, wanted: Encoding = Encoding.DETECT
) -> ClientImport:
    """
    Keeps the rows of a file for mapping, checking and importing; no client is touched.

    Raises FileRefused, in a sentence for people, for a file that cannot be imported; then nothing is kept.
    """
    table = open_table(file, wanted)
    row = ClientImport(id=new_id(), state=ImportState.UPLOADED, kind=table.kind, delimiter=table.delimiter, size=size)
    row.file_name = name[-LONGEST_NAME:]
    if table.letters:
        row.encoding, row.certain = table.letters.encoding, table.letters.certain
        row.letters = table.letters.beyond
    row.fingerprint = fingerprint(table.names)
    row.actor_kind, row.requested_by, row.requested_by_id = actor.kind, actor.label, actor.id
    row.rows = row.chunks = 0
    db.session.add(row)
    db.session.flush()
    row.columns = json.dumps(_keep_rows(row, table), ensure_ascii=False)
    what = f"{row.rows:,} rows, {len(table.names)} columns, {row.kind}"
    note(db.session(), ImportEvent.UPLOADED, row, actor, what)
    db.session.flush()
    return row


def _keep_rows(row: ClientImport, table: Table) -> list[dict[str, object]]:
    """Seals the rows chunk by chunk; says of each column its name, its first value masked, and how many fill it."""
    firsts = [""] * len(table.names)
    filled = [0] * len(table.names)
    for chunk in _chunks(table.rows):
        _seal(row, chunk)
        row.rows += len(chunk)
        row.chunks += 1
        for _, cells in chunk:
            for place, cell in enumerate(cells):
                if cell:
                    filled[place] += 1
                    firsts[place] = firsts[place] or mask_cell(cell)
    return [
        {"name": name, "first": first, "filled": number}
        for name, first, number in zip(table.names, firsts, filled, strict=True)
    ]


def _chunks(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while chunk := list(islice(rows, ROWS)):
        yield chunk


def _seal(row: ClientImport, chunk: Sequence[Row]) -> None:
    # Past the session: a large file would otherwise stay in memory until the commit.
    chunk_id = new_id()
    cell = ring().seal(Purpose.FIELD_PII, DATA, chunk_id, pack(chunk))
    facts = {"id": chunk_id, "import_id": row.id, "number": row.chunks, "row_count": len(chunk), "data": cell}
    db.session.execute(insert(ImportChunk), [facts])
