"""The check of one chunk: every cell read, every row compared, nothing written but what was found, by line."""

from collections.abc import Sequence

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose
from portal.db import utc_now
from portal.imports.models import ClientImport, ImportChunk, ImportSeen
from portal.imports.operations.resolve import Resolved, Resolver
from portal.imports.operations.upload import DATA
from portal.imports.queries import list_wording_choices
from portal.imports.rules.counting import Counts
from portal.imports.rules.header import column_names
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.packing import unpack
from portal.imports.rules.problems import Problem, Trouble, counter_of, is_flag
from portal.imports.rules.rows import Person, RowReader

# Two arrays instead of thousands of parameters, which would take longer to write down than to run.
NOTE_SEEN = text(
    """
    INSERT INTO import_seen (import_id, address_index, line)
    SELECT :import_id, * FROM unnest(CAST(:keys AS bytea[]), CAST(:lines AS bigint[]))
    ON CONFLICT DO NOTHING RETURNING address_index
    """
)


class Chunk:
    """The rows of one chunk, read and compared as they stand now."""

    def __init__(
        self,
        session: Session,
        row: ClientImport,
        chunk: ImportChunk,
        *,
        known: frozenset[int] = frozenset(),
        hold: bool = False,
    ) -> None:
        """`known` are lines that an earlier look keeps out. With `hold` nobody else changes the clients meanwhile."""
        mapping = Mapping.from_json(row.mapping)
        names = column_names(row.columns or "")
        reader = RowReader(mapping, names, list_wording_choices(session), utc_now())
        people: list[Person] = []
        self.troubles: list[Trouble] = []
        packed = ring().open(Purpose.FIELD_PII, DATA, chunk.id, chunk.data or b"")
        for line, cells in unpack(packed):
            if line not in known:
                person, found = reader.read(line, cells)
                self.troubles += found
                if person:
                    people.append(person)
        self._people = people
        self._resolver = Resolver(session, overwrite=mapping.overwrite, hold=hold)

    def resolve(self, seen: Sequence[Trouble] = ()) -> list[Resolved]:
        """The rows that can go in; the others add to the troubles. `seen` are duplicates found before."""
        bad = {one.line for one in seen}
        self.troubles += seen
        people = [person for person in self._people if person.line not in bad]
        good, found = self._resolver.resolve(people)
        twice = _twice_here(good)
        self.troubles += [*found, *twice]
        bad = {one.line for one in twice}
        return [one for one in good if one.person.line not in bad]

    def counts(self, good: Sequence[Resolved]) -> Counts:
        """What the chunk comes to."""
        counts = Counts()
        for one in good:
            counts.new += one.is_new
            counts.change += one.changes and not one.is_new
            counts.unchanged += not one.changes
            counts.opted_out += one.opted_out
            counts.consents += len(one.consents)
        kept_out: dict[int, Problem] = {}
        for trouble in self.troubles:
            counts.flagged += is_flag(trouble.problem)
            if not is_flag(trouble.problem):
                kept_out.setdefault(trouble.line, trouble.problem)
        for problem in kept_out.values():
            name = counter_of(problem)
            setattr(counts, name, getattr(counts, name) + 1)
        return counts


def check_chunk(session: Session, row: ClientImport, chunk: ImportChunk) -> None:
    """Looks at every row of the chunk; its problems and the counts of the import say what was found."""
    looked = Chunk(session, row, chunk)
    good = looked.resolve()
    duplicates = _note_seen(session, row, good)
    looked.troubles += duplicates
    bad = {one.line for one in duplicates}
    counts = Counts.from_json(row.checked_rows)
    counts.add(looked.counts([one for one in good if one.person.line not in bad]))
    row.checked_rows = counts.to_json()
    chunk.problems = [list(trouble) for trouble in sorted(looked.troubles)]


def forget_seen(session: Session, row: ClientImport) -> None:
    """Takes away what was kept to find duplicates."""
    session.execute(delete(ImportSeen).where(ImportSeen.import_id == row.id))


def _twice_here(rows: Sequence[Resolved]) -> list[Trouble]:
    """The rows of a chunk with an address that an earlier one of the same chunk has."""
    first: dict[bytes, int] = {}
    found = []
    for row in rows:
        keys = _keys(row)
        if any(first.setdefault(key, row.person.line) != row.person.line for key in keys):
            found.append(Trouble(row.person.line, 0, Problem.DUPLICATE))
    return found


def _note_seen(session: Session, row: ClientImport, good: Sequence[Resolved]) -> list[Trouble]:
    """Notes the addresses of a chunk; the rows with one that an earlier chunk has."""
    lines = {key: one.person.line for one in good for key in _keys(one)}
    if not lines:
        return []
    facts = {"import_id": row.id, "keys": list(lines), "lines": list(lines.values())}
    fresh = {bytes(key) for (key,) in session.execute(NOTE_SEEN, facts)}
    late = {line for key, line in lines.items() if key not in fresh}
    return [Trouble(line, 0, Problem.DUPLICATE) for line in sorted(late)]


def _keys(row: Resolved) -> list[bytes]:
    return [channel.encode() + index for channel, index in row.places]
