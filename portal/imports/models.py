"""The tables of imports: the file and how far it is, its sealed rows, the addresses seen in it, remembered mappings."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, MappedColumn

from portal.crypto.columns import SealedTextOrNone, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of

INTERNAL = DataClass.INTERNAL


class ImportState(StrEnum):
    """Where an import stands. Until it is confirmed nothing of it is written."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FAILED = "failed"


WORKING = frozenset({ImportState.CHECKING, ImportState.IMPORTING})
ENDED = frozenset({ImportState.DONE, ImportState.STOPPED, ImportState.CANCELLED, ImportState.FAILED})


def _word(meaning: str, **options: Any) -> MappedColumn[str]:
    return column(Text, server_default="", data=INTERNAL, meaning=meaning, **options)


def _number(meaning: str) -> MappedColumn[int]:
    return column(BigInteger, server_default="0", data=INTERNAL, meaning=meaning)


def _facts(meaning: str) -> MappedColumn[dict[str, Any]]:
    return column(JSONB, server_default=text("'{}'::jsonb"), data=INTERNAL, meaning=meaning)


def _moment(meaning: str) -> MappedColumn[datetime | None]:
    return column(DateTime(timezone=True), nullable=True, data=INTERNAL, meaning=meaning)


class ClientImport(Timestamps, Model):
    """One file of clients, from its upload to the deletion of its rows. What stays holds no personal data."""

    __tablename__ = "client_import"
    __table_args__ = (
        one_of("state", ImportState),
        Index(None, "state", postgresql_where=text("state IN ('checking', 'importing')")),
    )

    id: Mapped[uuid.UUID] = id_column()
    state: Mapped[str] = column(Text, data=INTERNAL, meaning="Where it stands.")
    _file_name: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_PII, "client_import.file_name", meaning="What the file was called.", nullable=True
    )
    _columns: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_PII,
        "client_import.columns",
        meaning="Its columns as JSON: name, first value masked, how many rows fill it.",
        nullable=True,
    )
    kind: Mapped[str] = _word("CSV or workbook.")
    encoding: Mapped[str] = _word("How its letters are written.")
    certain: Mapped[bool] = column(Boolean, server_default="true", data=INTERNAL, meaning="Whether that is certain.")
    letters: Mapped[str] = _word("The letters beyond a to z in the whole file, each once.")
    delimiter: Mapped[str] = _word("What stands between its cells.")
    size: Mapped[int] = _number("Its size in bytes.")
    fingerprint: Mapped[bytes] = column(LargeBinary, data=INTERNAL, meaning="Digest of the names of its columns.")
    rows: Mapped[int] = _number("How many rows it has.")
    chunks: Mapped[int] = _number("How many chunks they are kept in.")
    mapping: Mapped[dict[str, Any]] = _facts("What each column becomes, and the choices for all rows.")
    whole: Mapped[bool] = column(
        Boolean, server_default="false", data=INTERNAL, meaning="Whether it stops where a row is not good."
    )
    next_chunk: Mapped[int] = _number("The chunk that is worked on next in this phase.")
    checked_rows: Mapped[dict[str, Any]] = _facts("What the check counted.")
    written_rows: Mapped[dict[str, Any]] = _facts("What was written, counted.")
    stopped_line: Mapped[int | None] = column(
        BigInteger, nullable=True, data=INTERNAL, meaning="The line before whose chunk it stopped."
    )
    trouble: Mapped[str] = _word("Why it stopped or failed, as a code.")
    actor_kind: Mapped[str] = column(Text, data=INTERNAL, meaning="What kind of actor asked for it.")
    requested_by_id: Mapped[uuid.UUID | None] = column(Uuid, nullable=True, data=INTERNAL, meaning="Who asked for it.")
    requested_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="What the one who asked was called.")
    phase_started_at: Mapped[datetime | None] = _moment("When the present phase began.")
    checked_at: Mapped[datetime | None] = _moment("When the check ended.")
    ended_at: Mapped[datetime | None] = _moment("When it ended; its rows go some days later.")
    purged_at: Mapped[datetime | None] = _moment("When its rows were deleted.")

    file_name = SealedTextOrNone("_file_name")
    columns = SealedTextOrNone("_columns")

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do with it."""
        return self.state in WORKING

    @property
    def is_over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.state in ENDED


class ImportChunk(Model):
    """Some rows of a file, sealed, and what is wrong with them by line; one transaction of the import."""

    __tablename__ = "import_chunk"
    __table_args__ = (Index("uq_import_chunk_import_id_number", "import_id", "number", unique=True),)

    id: Mapped[uuid.UUID] = id_column()
    import_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("client_import.id", ondelete="CASCADE"), data=INTERNAL, meaning="The import."
    )
    number: Mapped[int] = column(Integer, data=INTERNAL, meaning="Its place in the file, from 0.")
    row_count: Mapped[int] = column(Integer, data=INTERNAL, meaning="How many rows it holds.")
    data: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_PII, "import_chunk.data", meaning="The rows, packed; empty once deleted.", nullable=True
    )
    problems: Mapped[list[list[Any]]] = column(
        JSONB,
        server_default=text("'[]'::jsonb"),
        data=INTERNAL,
        meaning="What is wrong, each with line, number of the column and code; never a value.",
    )


class ImportSeen(Model):
    """An address that a check has met in the file, so that the next row with it is known as a duplicate."""

    __tablename__ = "import_seen"

    import_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("client_import.id", ondelete="CASCADE"), primary_key=True, data=INTERNAL, meaning="The import."
    )
    address_index: Mapped[bytes] = column(
        LargeBinary, primary_key=True, data=DataClass.SECRET, meaning="Channel and keyed hash of the address."
    )
    line: Mapped[int] = column(BigInteger, data=INTERNAL, meaning="The first line that has it.")


class ImportMapping(Model):
    """What the columns of files with the same names became last time."""

    __tablename__ = "import_mapping"

    fingerprint: Mapped[bytes] = column(
        LargeBinary, primary_key=True, data=INTERNAL, meaning="Digest of the names of the columns."
    )
    mapping: Mapped[dict[str, Any]] = _facts("What each column becomes, and the choices for all rows.")
    used_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=text("now()"), data=INTERNAL, meaning="When it was last used."
    )
