"""Whatever the owner of the database does to the log, the check names the first entry that is not as it was written."""

from pathlib import Path

import psycopg
import pytest
from portal.audit.commands import check
from portal.audit.events import ProblemKind
from portal.audit.operations.anchors import read_anchors
from portal.audit.operations.verification import anchor_head
from portal.db import new_session
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.audit.conftest import write

COPY = "CREATE TEMP TABLE c AS SELECT * FROM audit_entry WHERE seq = 4"
PUT_BACK = "INSERT INTO audit_entry SELECT * FROM c"
SWAP = """
    UPDATE audit_entry SET seq = -6 WHERE seq = 6;
    UPDATE audit_entry SET seq = 6 WHERE seq = 7;
    UPDATE audit_entry SET seq = 7 WHERE seq = -6
"""
PUSH_IN = """
    CREATE TEMP TABLE c AS SELECT * FROM audit_entry WHERE seq >= 4;
    DELETE FROM audit_entry WHERE seq >= 4;
    UPDATE c SET seq = seq + 1;
    INSERT INTO audit_entry SELECT * FROM c;
    UPDATE c SET seq = 4, action = 'probe.forged';
    INSERT INTO audit_entry SELECT * FROM c LIMIT 1
"""
TAMPERING = [
    ("UPDATE audit_entry SET outcome = 'refused' WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET at = 'infinity' WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET version = 257 WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET ip = NULL WHERE seq = 10", ProblemKind.ALTERED, 10),
    ("UPDATE audit_entry SET changes = '[]' WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET subject_refs = '{}' WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET prev = mac WHERE seq = 4", ProblemKind.ALTERED, 4),
    ("UPDATE audit_entry SET key_id = key_id + 1 WHERE seq = 1", ProblemKind.ALTERED, 1),
    ("DELETE FROM audit_entry WHERE seq = 1", ProblemKind.MISSING, 1),
    ("DELETE FROM audit_entry WHERE seq = 5", ProblemKind.MISSING, 5),
    ("DELETE FROM audit_entry WHERE seq BETWEEN 5 AND 7", ProblemKind.MISSING, 5),
    ("DELETE FROM audit_entry WHERE seq > 8", ProblemKind.TAIL_CUT, 9),
    ("DELETE FROM audit_entry", ProblemKind.TAIL_CUT, 1),
    (f"{COPY}; UPDATE c SET seq = 11; {PUT_BACK}", ProblemKind.ALTERED, 11),
    (f"{COPY}; UPDATE c SET seq = 0; {PUT_BACK}", ProblemKind.INSERTED, 0),
    (SWAP, ProblemKind.ALTERED, 6),
    (PUSH_IN, ProblemKind.ALTERED, 4),
]


@pytest.fixture
def anchored(log, anchors: Path):
    """A log of ten entries whose head is anchored."""
    with new_session() as session:
        anchor_head(session, anchors)
    return log


def tamper(own_database, statements: str) -> None:
    """Does what only the owner of the tables can do: switches the triggers off first."""
    with own_database.connect() as owner:
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        owner.execute(statements)
        owner.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only")


def found(anchors: Path):
    with new_session() as session:
        return check(session, read_anchors(anchors), compare_known=True).problem


def test_an_untouched_log_is_unbroken(anchored, anchors):
    assert found(anchors) is None


@pytest.mark.parametrize(("statements", "kind", "seq"), TAMPERING)
def test_the_check_names_the_first_wrong_entry(anchored, own_database, anchors, statements, kind, seq):
    tamper(own_database, statements)
    problem = found(anchors)
    assert (problem.kind, problem.seq) == (kind, seq)


def test_a_tail_cut_and_written_anew_differs_from_its_anchor(anchored, own_database, anchors):
    tamper(own_database, "DELETE FROM audit_entry WHERE seq > 8")
    write(5)
    problem = found(anchors)
    assert (problem.kind, problem.seq) == (ProblemKind.REPLACED, 10)


def test_an_old_entry_put_back_into_a_new_history_does_not_fit(anchored, own_database, anchors):
    with own_database.connect() as owner:
        owner.execute("CREATE TABLE kept AS SELECT * FROM audit_entry WHERE seq = 10")
    tamper(own_database, "DELETE FROM audit_entry WHERE seq > 8")
    write(1)
    tamper(own_database, "INSERT INTO audit_entry SELECT * FROM kept")
    problem = found(anchors)
    assert (problem.kind, problem.seq) == (ProblemKind.UNLINKED, 10)


@pytest.mark.parametrize("role", ["heedful_app", "heedful_audit"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET outcome = 'done'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "DROP TABLE audit_entry",
        "SELECT * FROM audit_entry FOR UPDATE",
        "CREATE TRIGGER t BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION heedful_audit_append_only()",
    ],
)
def test_neither_role_can_change_the_log(own_database, role, statement):
    with own_database.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_audit_role_reads_the_log_and_nothing_else(log, own_database):
    with own_database.connect("heedful_audit") as connection:
        assert connection.execute("SELECT count(*) FROM audit_entry").fetchone() == (10,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM crypto_key")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO audit_entry SELECT * FROM audit_entry")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET outcome = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
@pytest.mark.parametrize("role", ["heedful_owner", "postgres"])
def test_triggers_stop_even_the_owner_who_leaves_them_on(log, own_database, role, statement):
    with own_database.connect(role) as connection:
        if role == "postgres":
            connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            connection.execute(statement)


def test_the_check_needs_no_more_than_reading(log, own_database, anchors):
    engine = create_engine(own_database.audit_url)
    with Session(engine) as session:
        assert check(session, read_anchors(anchors), compare_known=True).entries == 10
    engine.dispose()
