"""Rows of an Excel workbook, read cell by cell: never unpacked whole, and no formula is ever believed."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.imports.rules.delimited import Row
from portal.imports.rules.refused import FileRefused

MOST_UNPACKED = 400 * 1024 * 1024
MOST_STRINGS = 60 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ROWS = 250_000
ENCRYPTED = 1
PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How the parts of a workbook may be packed; Excel knows no other way."""

FORMULA = "\0formula"
"""Stands for a cell that holds a formula; no cell of text can hold a NUL."""

ERROR = "\0error"
"""Stands for a cell that shows an error, such as #REF!."""

SPECIAL = {"f": FORMULA, "e": ERROR}

BROKEN = "This Excel workbook cannot be read. Open it, save it again as .xlsx or as CSV UTF-8, and upload that."
BOMB = "Unpacked, this workbook is larger than the portal takes. Save the sheet as CSV UTF-8 and upload that."
UNREADABLE = (
    zipfile.BadZipFile, InvalidFileException, ParseError,
    KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError, zlib.error,
)  # fmt: skip


def read_workbook(file: BinaryIO) -> Iterator[Row]:
    """The rows of the first sheet with their numbers; empty ones are left out. Raises FileRefused."""
    try:
        _require_harmless(file)
        yield from _rows(file)
    except FileRefused:
        raise
    except UNREADABLE:
        # The words of the error may quote the file.
        raise FileRefused(BROKEN) from None


def _require_harmless(file: BinaryIO) -> None:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & ENCRYPTED or part.compress_type not in PACKINGS for part in parts):
        raise FileRefused(BROKEN)
    unpacked = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or strings > MOST_STRINGS:
        raise FileRefused(BOMB)


def _rows(file: BinaryIO) -> Iterator[Row]:
    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        # What a file says of its own size may be wrong.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number > MOST_ROWS:
                raise FileRefused(
                    f"A workbook may have {MOST_ROWS:,} rows. Save the sheet as CSV UTF-8: it may have more."
                )
            texts = [_text(cell.value, cell.data_type) for cell in cells]
            if any(texts):
                yield number, texts
    finally:
        book.close()


def _text(value: Any, kind: str) -> str:
    if kind in SPECIAL:
        return SPECIAL[kind] if value is not None else ""
    if isinstance(value, datetime | date):
        return _day(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\0", "")


def _day(value: datetime | date) -> str:
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat()
