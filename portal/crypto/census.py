"""Counts sealed cells by the key their header names; needs no key and opens nothing."""

from collections import Counter

from sqlalchemy import LargeBinary, MetaData, func, select, type_coerce
from sqlalchemy.orm import Session

from portal.crypto.purposes import Purpose
from portal.crypto.registry import SealedColumn, sealed_columns
from portal.db import Model


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
