"""The names of the columns: there, each once, and not somebody's data."""

import hashlib
import json
import re
from collections.abc import Sequence

from portal.imports.rules.refused import FileRefused
from portal.imports.rules.workbook import ERROR, FORMULA

MOST_COLUMNS = 200
LONGEST_NAME = 100
DATA = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[+(]?[0-9][0-9 ().:/\-]{5,}")
FIRST = "The first line must name the columns"


def check_header(cells: Sequence[str]) -> list[str]:
    """The names, trimmed. Raises FileRefused for one that is missing or stands twice, and for data in their place."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if any(DATA.fullmatch(name) for name in names):
        raise FileRefused(f"{FIRST}, and this one holds data. Add a line with names such as Name, Email, Phone on top.")
    if len(names) > MOST_COLUMNS:
        raise FileRefused(
            f"The file has {len(names):,} columns, and {MOST_COLUMNS} are possible. Take away what is not needed."
        )
    for number, name in enumerate(names, start=1):
        if name in {"", FORMULA, ERROR} or len(name) > LONGEST_NAME:
            raise FileRefused(
                f"{FIRST}, and column {number} has no name of at most {LONGEST_NAME} letters. Name it, or take it away."
            )
    _require_once(names)
    return names


def _require_once(names: Sequence[str]) -> None:
    places: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        first = places.setdefault(name.casefold(), number)
        if first != number:
            raise FileRefused(f"Columns {first} and {number} have the same name. Give each column a name of its own.")


def fingerprint(names: Sequence[str]) -> bytes:
    """Equal for files with the same columns in the same order; the names cannot be read from it."""
    return hashlib.sha256("\n".join(name.casefold() for name in names).encode()).digest()


def column_names(columns: str) -> list[str]:
    """The names alone, from what is kept of the columns."""
    return [str(one["name"]) for one in json.loads(columns or "[]")]
