"""Kinds of columns that several tables of consent have."""

from typing import Any

from sqlalchemy import DateTime, ForeignKey, Text, Uuid
from sqlalchemy.orm import MappedColumn

from portal.db import DataClass, column


def word(meaning: str, **options: Any) -> MappedColumn[str]:
    """A word of one of the enums above, or another fact that names nobody."""
    return column(Text, data=DataClass.INTERNAL, meaning=meaning, **options)


def moment(meaning: str, **options: Any) -> MappedColumn[Any]:
    """A point in time of one row."""
    return column(DateTime(timezone=True), data=DataClass.INTERNAL, meaning=meaning, **options)


def reference(target: str, meaning: str, **options: Any) -> MappedColumn[Any]:
    """Points to a row that cannot go while this one stands."""
    return column(Uuid, ForeignKey(target), data=DataClass.INTERNAL, meaning=meaning, **options)
