"""Rows of a CSV file: which delimiter it uses, and its records with the lines on which they begin."""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

from portal.imports.rules.refused import FileRefused

Row = tuple[int, list[str]]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
SAID = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)
SAMPLE = 64 * 1024
RECORDS = 50
LONGEST_SAID = 8
LONGEST_LINE = 1_000_000


def find_delimiter(text: TextIO) -> str:
    """The delimiter that gives most columns in which most rows agree. Leaves the text where its records begin."""
    said = SAID.fullmatch(text.readline(LONGEST_SAID))
    if said:
        return said[1]
    text.seek(0)
    # The last line of the sample may be cut.
    lines = text.read(SAMPLE).splitlines(keepends=True)
    text.seek(0)
    return max(DELIMITERS, key=lambda one: _agreement(lines[:-1] or lines, one))


def _agreement(lines: list[str], delimiter: str) -> tuple[bool, float, int]:
    # The sample is shorter than the longest cell the reader takes, so that it never refuses one here.
    widths = [len(record) for record in islice(csv.reader(lines, delimiter=delimiter), RECORDS) if record]
    if not widths:
        return False, 0, 0
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]


def read_records(text: TextIO, delimiter: str, before: int = 0) -> Iterator[Row]:
    """
    The records with their first lines, counted after the lines `before` them; lines without anything are left out.

    Raises FileRefused where quotation marks do not fit.
    """
    reader = csv.reader(_lines(text, before), delimiter=delimiter, strict=True)
    while True:
        line = before + reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise FileRefused(_quotes(line, str(error))) from None
        if record is None:
            return
        if any(record):
            yield line, record


def _lines(text: TextIO, before: int) -> Iterator[str]:
    """The lines, none of which is ever read whole when it has no end."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise FileRefused(f"Line {before + 1:,} does not end. Save the file again, with one line for each client.")
        before += 1
        yield line


def _quotes(line: int, error: str) -> str:
    if "expected after" in error:
        return (
            f'Line {line:,}: something follows a closing quotation mark. Write a quotation mark in a cell as two: "".'
        )
    return f"Line {line:,}: a quotation mark is opened and not closed. Close it, or take it away."
