"""What an entry says about changed fields: values where the column's class allows it, else only that they changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import inspect

from portal.audit.rules.canonical import instant
from portal.audit.rules.text import LONGEST, storable
from portal.db import DataClass, Model

HIDDEN = "changed"
SHOWN = (DataClass.PUBLIC, DataClass.INTERNAL)
KEPT_BY_DATABASE = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field. None means that there was or is no value."""

    field: str
    data_class: DataClass
    before: str | None
    after: str | None


def snapshot(row: Model) -> dict[str, Any]:
    """The row's column values as they are now; take it before changing the row and hand it to diff."""
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(row).mapper.column_attrs}


def diff(row: Model, before: Mapping[str, Any]) -> tuple[Change, ...]:
    """The fields of the row that differ from the snapshot; an empty snapshot describes a new row."""
    mapper = inspect(row).mapper
    found = []
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        old, new = before.get(attribute.key), getattr(row, attribute.key)
        if old != new and column.name not in KEPT_BY_DATABASE:
            shown = _shown if column.info["data_class"] in SHOWN else _hidden
            name = f"{mapper.local_table.description}.{column.name}"
            found.append(Change(name, column.info["data_class"], shown(old), shown(new)))
    return tuple(found)


def _hidden(value: Any) -> str | None:
    return None if value is None else HIDDEN


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Enum):
        value = value.value
    return storable(str(value))[:LONGEST]
