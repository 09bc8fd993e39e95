"""Counts what rests on each key: sealed cells by their header, lasting hashes by the key id kept beside them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, func, select, type_coerce
from sqlalchemy.orm import MappedColumn, Session

from portal.crypto.purposes import Purpose
from portal.crypto.registry import SealedColumn, sealed_columns
from portal.db import DataClass, Model, column

HASHED_UNDER = "hashed_under"


def hash_key_column(purpose: Purpose, *, meaning: str) -> MappedColumn[int]:
    """The column that says which key made the lasting hash beside it, so that the key is not ended before the row."""
    mapped = column(BigInteger, data=DataClass.INTERNAL, meaning=meaning)
    mapped.column.info[HASHED_UNDER] = purpose
    return mapped


def hash_key_columns(purpose: Purpose, metadata: MetaData = Model.metadata) -> Iterator[Column[Any]]:
    """Every column that names keys of this purpose beside a lasting hash."""
    for table in metadata.sorted_tables:
        yield from (one for one in table.columns if one.info.get(HASHED_UNDER) == purpose)


def count_hashes(session: Session, key_id: int, purpose: Purpose, metadata: MetaData = Model.metadata) -> int:
    """How many lasting hashes were made with this key."""
    counts = (
        select(func.count()).select_from(one.table).where(one == key_id) for one in hash_key_columns(purpose, metadata)
    )
    return sum(session.scalar(query) or 0 for query in counts)


def has_sealed_cells(session: Session, metadata: MetaData = Model.metadata) -> bool:
    """Whether any sealed column holds anything."""
    return any(
        session.scalar(select(select(one.column).where(one.column.is_not(None)).exists()))
        for one in sealed_columns(metadata)
    )


def census(session: Session, purpose: Purpose, metadata: MetaData = Model.metadata) -> Counter[int]:
    """How many cells of a purpose name each key id, over all columns of the registry."""
    total: Counter[int] = Counter()
    for one in sealed_columns(metadata):
        if one.purpose == purpose:
            total.update(_count(session, one))
    return total


def _count(session: Session, one: SealedColumn) -> dict[int, int]:
    header = func.substring(type_coerce(one.column, LargeBinary), 3, 4)
    rows = session.execute(select(header, func.count()).where(one.column.is_not(None)).group_by(header))
    return {int.from_bytes(key_id, "big"): cells for key_id, cells in rows}
