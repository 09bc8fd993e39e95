"""Rows as the bytes of one chunk, before they are sealed: small, and independent of how the file was written."""

import json
import zlib
from collections.abc import Sequence

from portal.imports.rules.delimited import Row

ROWS = 1_000
"""Rows of a chunk: one transaction of the import."""


def pack(rows: Sequence[Row]) -> bytes:
    """The rows as bytes."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(data: bytes) -> list[Row]:
    """The rows in the bytes."""
    return [(line, cells) for line, cells in json.loads(zlib.decompress(data))]
