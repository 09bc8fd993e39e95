"""A table with sealed columns that only these tests have, guarded as a migration would guard it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask, render_template_string
from migrations.guards import guard_sealed
from portal.crypto.columns import SealedText, SealedTextOrNone, identify_first, sealed_column
from portal.crypto.keyring import forget_rings
from portal.crypto.purposes import Purpose
from portal.db import db, id_column
from portal.web.access import Permission, requires
from sqlalchemy import create_engine, delete, event, select
from sqlalchemy import text as sa_text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session

from tests.fixtures.database import Database, app_on, cloned


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


PAGE = "{% for one in rows %}<li>{{ one.name }}, {{ one.note or 'nothing' }}</li>{% endfor %}"


@requires(Permission.PUBLIC)
def list_of_cards():
    """A page like any other that shows sealed columns."""
    listed = render_template_string(PAGE, rows=db.session.scalars(select(Card).order_by(Card.id)))
    return listed, {"Content-Type": "text/plain"}  # a part of a page, so not checked as a whole one


def prepare(app: Flask, database: Database) -> None:
    app.config["SUPERUSER_URL"] = database.superuser_url
    app.add_url_rule("/probe-cards", "probe.cards", list_of_cards)
    owner = create_engine(database.owner_url)
    with owner.begin() as connection:
        make_probe_tables(connection)
    owner.dispose()


@pytest.fixture(scope="session")
def probe_app(redis_url: str) -> Iterator[Flask]:
    with cloned() as database, app_on(database, REDIS_URL=redis_url) as app:
        prepare(app, database)
        yield app


@pytest.fixture
def probes(probe_app: Flask) -> Iterator[Flask]:
    """An application context on a database that has the two tables, empty; its keys stay as they are."""
    with probe_app.app_context():
        yield probe_app
        with committed() as session:
            session.execute(delete(Card))
            session.execute(delete(Letter))


@pytest.fixture
def own_probes(own_app: Flask, own_database: Database) -> Iterator[Flask]:
    """The same on a database of its own, for tests that change or harm the keys."""
    prepare(own_app, own_database)
    spoil(own_app, "TRUNCATE crypto_ring_ack")  # the process that made the template is gone
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
