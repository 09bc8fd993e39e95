"""A file as a table: what kind it is, its columns, and its rows in chunks, read once from beginning to end."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import BinaryIO, cast

from portal.imports.rules.delimited import DELIMITERS, LONGEST_SAID, SAID, Row, find_delimiter, read_records
from portal.imports.rules.encoding import Encoding, Letters, find_letters
from portal.imports.rules.header import check_header
from portal.imports.rules.refused import FileRefused
from portal.imports.rules.workbook import read_workbook

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
MISFIT: list[str] = []
"""The cells of a row that does not fit its header: none."""


class FileKind(StrEnum):
    """What a file is, by its first bytes; its name may say anything."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be imported; its rows can be read once."""

    kind: FileKind
    names: list[str]
    rows: Iterator[Row]
    letters: Letters | None = None
    delimiter: str = ""


def open_table(file: BinaryIO, wanted: Encoding = Encoding.DETECT) -> Table:
    """The table in a file. Raises FileRefused, also while its rows are read."""
    file.seek(0)
    start = file.read(4)
    if not start:
        raise FileRefused("The file is empty. Choose a file with a line of column names and one line for each client.")
    if start == OLD_OFFICE:
        raise FileRefused(
            "This is an old or a protected Excel file. Save it without password as .xlsx or as CSV UTF-8."
        )
    if start == ZIP:
        names, rows = _after_header(read_workbook(file), padded=True)
        return Table(FileKind.XLSX, names, rows)
    letters = find_letters(file, wanted)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=letters.codec, newline="")
    delimiter = find_delimiter(text)
    names, rows = _after_header(_records(text, delimiter), padded=False)
    return Table(FileKind.CSV, names, rows, letters, delimiter)


def delimiter_word(delimiter: str) -> str:
    """What people call it."""
    return DELIMITERS.get(delimiter, "")


def _records(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    # Where Excel's line with the delimiter came first, the text stands behind it.
    text.seek(0)
    said = SAID.fullmatch(text.readline(LONGEST_SAID))
    if not said:
        text.seek(0)
    try:
        yield from read_records(text, delimiter, before=1 if said else 0)
    finally:
        # The file is its owner's to close, who may have done so before the rows were read to their end.
        if not text.buffer.closed:
            text.detach()


def _after_header(records: Iterator[Row], *, padded: bool) -> tuple[list[str], Iterator[Row]]:
    _, header = next(records, (0, cast("list[str]", [])))
    if not header:
        raise FileRefused("The file is empty. Choose a file with a line of column names and one line for each client.")
    names = check_header(header)
    first = next(records, None)
    if first is None:
        raise FileRefused("The file has column names and no rows. Add one line for each client.")
    return names, _fitted(chain([first], records), len(names), padded=padded)


def _fitted(records: Iterator[Row], width: int, *, padded: bool) -> Iterator[Row]:
    """Each row trimmed and as wide as the header; one that does not fit comes as MISFIT, because nothing is guessed."""
    for line, record in records:
        cells = [cell.strip() for cell in record]
        missing = width - len(cells)
        if missing > 0 and padded:
            cells += [""] * missing
        elif missing < 0 and not any(cells[width:]):
            del cells[width:]
        if any(cells):
            yield line, cells if len(cells) == width else MISFIT
