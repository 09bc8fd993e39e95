"""Many real processes, some of them killed, and one chain that stays whole."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.audit.commands import check
from portal.audit.rules.chain import Anchors
from portal.db import db, new_session
from sqlalchemy import text

ROOT = Path(__file__).parents[2]
WRITERS = 8


@pytest.fixture
def start(own_app, own_database) -> Iterator:
    """Starts writers on the test's database; what still runs at the end is killed."""
    running = []

    def one(name: str, count: int) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.audit.writer", name, str(count)]
        variables = {**os.environ, **own_database.environment()}
        running.append(subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True))
        return running[-1]

    with own_app.app_context():
        yield one
    for process in running:
        process.kill()
        process.communicate()


def walk():
    with new_session() as session:
        return check(session, Anchors({}), compare_known=False)


def test_writers_at_once_make_one_unbroken_chain(start):
    processes = [start(f"writer {number}", 20) for number in range(WRITERS)]
    assert [process.communicate(timeout=120)[0].count("\n") for process in processes] == [20] * WRITERS
    result = walk()
    assert (result.problem, result.entries) == (None, 20 * WRITERS)


def test_writers_killed_in_mid_commit_leave_a_valid_chain_and_no_change_without_its_entry(start):
    processes = [start(f"victim {number}", 10_000) for number in range(3)]
    for process in processes:
        for _ in range(5):
            process.stdout.readline()
        process.kill()
        process.wait()
    survivor = start("survivor", 5)
    survivor.communicate(timeout=120)
    result = walk()
    assert result.problem is None
    assert result.entries >= 20
    changes = db.session.scalar(text("SELECT count(*) FROM audit_verification"))
    assert changes == result.entries


def test_a_writer_killed_while_it_holds_the_lock_holds_up_nobody(start, own_database):
    holder = own_database.connect("heedful_app")
    holder.autocommit = False
    holder.execute("SELECT * FROM heedful_audit_head()")
    backend = holder.info.backend_pid
    waiting = start("waiting", 1)
    with own_database.connect("postgres") as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s)", [backend])
    assert waiting.communicate(timeout=60)[0] == "0\n"
    holder.close()
    assert walk().entries == 1
