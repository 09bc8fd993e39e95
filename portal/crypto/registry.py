"""Which columns are sealed, for what purpose and in which context; read from the mapped tables, never written down."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Dialect, LargeBinary, MetaData
from sqlalchemy.types import TypeDecorator

from portal.crypto.envelope import is_envelope
from portal.crypto.purposes import Purpose
from portal.db import Model


class Sealed(TypeDecorator[bytes]):
    """Bytes that are sealed cells. Anything else is refused, so that plaintext cannot reach the column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: Purpose, context: str) -> None:
        super().__init__()
        self.purpose = purpose
        self.context = context

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Passes sealed cells; the refusal names the column and not the value."""
        if value is None or (isinstance(value, bytes) and is_envelope(value)):
            return value
        raise TypeError(f"{self.context} takes sealed cells only; assign through its SealedText.")


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One sealed column of a mapped table."""

    table: str
    name: str
    purpose: Purpose
    context: str
    column: Column[Any]


def sealed_columns(metadata: MetaData = Model.metadata) -> Iterator[SealedColumn]:
    """Every sealed column of the mapped tables."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield SealedColumn(table.name, column.name, column.type.purpose, column.type.context, column)
