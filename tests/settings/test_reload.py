"""How fast every process knows: two real processes on one database, and a database that goes away."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from portal.db import db, transaction
from portal.settings import queries
from portal.settings.operations import change
from portal.settings.queries import value
from portal.settings.rules import limits
from portal.web.actor import SYSTEM
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.fixtures.database import run_as_superuser

WATCHER = """
import sys, time
from portal.app import create_app
from portal.settings.queries import value
with create_app().app_context():
    print(value("limits.per_hour"), flush=True)
    deadline = time.monotonic() + 20
    while value("limits.per_hour") == 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    print(value("limits.per_hour"), flush=True)
"""


def test_another_process_knows_of_a_change_within_five_seconds(own_app, own_database):
    environment = {**os.environ, **own_database.environment()}
    with subprocess.Popen([sys.executable, "-c", WATCHER], stdout=subprocess.PIPE, env=environment, text=True) as other:
        assert other.stdout.readline() == "5\n"
        with own_app.app_context(), transaction():
            change(limits.PER_HOUR, 3, SYSTEM)
        changed = time.monotonic()
        assert other.stdout.readline() == "3\n"
        assert time.monotonic() - changed < 5


@contextmanager
def counted(engine) -> Iterator[list[str]]:
    """The statements an engine runs meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_database_is_asked_at_most_every_two_seconds(own_app):
    with own_app.app_context(), counted(db.engine) as statements:
        for _ in range(100):
            value(limits.PER_HOUR)
    assert len(statements) == 2


def test_an_unchanged_generation_is_asked_for_alone(own_app):
    with own_app.app_context():
        value(limits.PER_HOUR)
        queries.forget()
        with counted(db.engine) as statements:
            value(limits.PER_HOUR)
    assert len(statements) == 1


def test_a_forked_process_starts_without_knowledge_and_without_a_held_lock(own_app):
    with own_app.app_context():
        value(limits.PER_HOUR)
        held = queries._known.lock
        with held:
            queries.forget_everything()
            assert queries._known.lock is not held
            assert value(limits.PER_HOUR) == 5


def away(database) -> None:
    """The database takes no connections any more, and those it had are gone."""
    run_as_superuser(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false")
    run_as_superuser(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.name}'")


def test_while_the_database_is_away_the_last_known_values_hold(own_app, own_database):
    with own_app.app_context():
        with transaction():
            change(limits.PER_HOUR, 3, SYSTEM)
        assert value(limits.PER_HOUR) == 3
        away(own_database)
        queries.forget()
        assert value(limits.PER_HOUR) == 3


def test_a_process_that_never_knew_says_that_the_database_is_away(own_app, own_database):
    away(own_database)
    with own_app.app_context(), pytest.raises(OperationalError):
        value(limits.PER_HOUR)
