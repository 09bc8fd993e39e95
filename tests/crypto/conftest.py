"""A table with sealed columns that only these tests have, guarded as a migration would guard it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from migrations.guards import guard_sealed
from portal.crypto.columns import SealedText, SealedTextOrNone, identify_first, sealed_column
from portal.crypto.keyring import forget_rings
from portal.crypto.purposes import Purpose
from portal.db import db, id_column
from sqlalchemy import create_engine, event
from sqlalchemy import text as sa_text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session

from tests.fixtures.database import Database


class ProbeBase(DeclarativeBase):
    """Keeps the tables of these tests out of the portal's own metadata."""


class Card(ProbeBase):
    __tablename__ = "probe_card"

    id: Mapped[uuid.UUID] = id_column()
    _name: Mapped[bytes] = sealed_column(Purpose.FIELD_PII, "card.name", meaning="Name.", nullable=False)
    name = SealedText("_name")
    _note: Mapped[bytes | None] = sealed_column(Purpose.FIELD_PII, "card.note", meaning="Note.", nullable=True)
    note = SealedTextOrNone("_note")


class Letter(ProbeBase):
    __tablename__ = "probe_letter"

    id: Mapped[uuid.UUID] = id_column()
    _body: Mapped[bytes] = sealed_column(Purpose.FIELD_MESSAGE, "letter.body", meaning="Body.", nullable=False)
    body = SealedText("_body")
    _name: Mapped[bytes | None] = sealed_column(Purpose.FIELD_PII, "letter.name", meaning="Name.", nullable=True)
    name = SealedTextOrNone("_name")


event.listen(ProbeBase, "init", identify_first, propagate=True)


def make_probe_tables(connection) -> None:
    """What a migration does for tables with sealed columns."""
    ProbeBase.metadata.create_all(connection)
    op = Operations(MigrationContext.configure(connection))
    guard_sealed(op, "probe_card", {"name": "field.pii", "note": "field.pii"})
    guard_sealed(op, "probe_letter", {"body": "field.message", "name": "field.pii"})


@pytest.fixture
def probes(own_app: Flask, own_database: Database) -> Iterator[Flask]:
    """An application context on a database of its own that has the two tables."""
    own_app.config["SUPERUSER_URL"] = own_database.superuser_url
    owner = create_engine(own_database.owner_url)
    with owner.begin() as connection:
        make_probe_tables(connection)
    owner.dispose()
    with own_app.app_context():
        yield own_app
    forget_rings()


@contextmanager
def committed() -> Iterator[Session]:
    """A short session of its own whose work is committed at the end."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session
        session.commit()


def spoil(app: Flask, *statements: str, **values: object) -> None:
    """Changes rows by SQL as a superuser with the triggers off, as somebody with the database in hand could."""
    owner = create_engine(app.config["SUPERUSER_URL"])
    with owner.begin() as connection:
        connection.execute(sa_text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(sa_text(statement), values)
    owner.dispose()
