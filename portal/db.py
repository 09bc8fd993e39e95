"""The database floor: engine, sessions, column declarations, ids; knows no table and no feature."""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, DateTime, Engine, FetchedValue, MetaData, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base with stable constraint names, so that migrations can name what they change."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=False,
    session_options={"expire_on_commit": False},
    engine_options={"pool_pre_ping": True, "hide_parameters": True},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class DataClass(StrEnum):
    """How sensitive a column is; decides masking, audit differences, export and erasure."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PII = "pii"
    SECRET = "secret"  # noqa: S105 - the name of a class, not a password
    SEALED = "sealed"


def column(
    type_: TypeEngine[Any] | type[TypeEngine[Any]],
    *args: Any,
    data: DataClass,
    meaning: str,
    **options: Any,
) -> MappedColumn[Any]:
    """A mapped column that declares its data class and its meaning, both kept as the column's comment."""
    return mapped_column(type_, *args, comment=f"{data}: {meaning}", info={"data_class": data}, **options)


def one_of(name: str, kind: type[StrEnum]) -> CheckConstraint:
    """Holds a text column to the words of its enum."""
    words = ", ".join(f"'{word}'" for word in kind)
    return CheckConstraint(f"{name} IN ({words})", name=name)


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562, 5.7): time-ordered, known before insert, so that sealed cells can be bound to it."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76
    # One question to the system for all its chance: asking costs more than the rest.
    chance = int.from_bytes(os.urandom(10))
    value |= (chance >> 62 & (1 << 12) - 1) << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return uuid.UUID(int=value)


def id_column() -> MappedColumn[uuid.UUID]:
    """The primary key of a table: a UUIDv7 made by the application."""
    return column(Uuid, primary_key=True, default=new_id, data=DataClass.INTERNAL, meaning="Identifies the row.")


class Timestamps:
    """Adds created_at and updated_at; both are kept by the database, so that no writer can forget them."""

    @declared_attr
    def created_at(cls) -> Mapped[datetime]:
        return column(
            DateTime(timezone=True),
            server_default=text("now()"),
            data=DataClass.INTERNAL,
            meaning="When the row was made.",
        )

    @declared_attr
    def updated_at(cls) -> Mapped[datetime]:
        return column(
            DateTime(timezone=True),
            server_default=text("now()"),
            server_onupdate=FetchedValue(),
            data=DataClass.INTERNAL,
            meaning="When the row last changed; kept by the trigger heedful_touch_updated_at.",
        )


def utc_now() -> datetime:
    """The present moment, in UTC and aware."""
    return datetime.now(UTC)


def engine() -> Engine:
    """The engine of the running application; needs an application context."""
    return db.engine


def new_session() -> Session:
    """A session of its own, for threads and jobs that must not share the request's session."""
    return Session(db.engine, expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commits once when the block ends, rolls back when it raises: the one place where a view or a job commits."""
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def dispose_after_fork(engine_: Engine) -> None:
    """Gives every forked child connections of its own; without this, horses speak over the parent's socket."""
    os.register_at_fork(after_in_child=lambda: engine_.dispose(close=False))
