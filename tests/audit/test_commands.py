"""`flask audit`: what it says, and its exit codes 0, 1 and 2."""

import json

from portal.audit.models import AuditEntry
from portal.audit.operations.anchors import read_anchors
from portal.audit.operations.export import LABEL
from portal.audit.operations.sealing import is_sealed
from portal.config.current import reset
from portal.crypto.keyring import forget_rings
from portal.db import db
from sqlalchemy import select

from tests.audit.test_tampering import tamper


def run(app, *arguments):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["audit", *arguments])


def last_entry() -> AuditEntry:
    db.session.rollback()
    return db.session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))


def test_an_unbroken_log_is_0_and_is_anchored(log, anchors):
    done = run(log, "verify")
    assert done.exit_code == 0
    assert "Entries 1 to 10 unbroken" in done.output
    assert "No anchor yet" in done.output
    assert read_anchors(anchors).newest.seq == 10
    assert "Anchors that agree: 1, the newest at entry 10." in run(log, "verify").output
    assert (last_entry().action, last_entry().actor_kind) == ("audit.verify", "command")


def test_an_empty_log_is_0(own_app):
    with own_app.app_context():
        assert "The log is empty." in run(own_app, "verify").output


def test_a_broken_log_is_1_and_names_the_entry_and_what_to_do(log, own_database):
    tamper(own_database, "UPDATE audit_entry SET outcome = 'refused' WHERE seq = 4")
    done = run(log, "verify")
    assert done.exit_code == 1
    assert "BROKEN at entry 4 (altered)" in done.output
    assert "compare the named entries with the last backup" in done.output


def test_a_cut_tail_is_1_in_json_with_an_older_copy_of_the_anchors(log, own_database, anchors, tmp_path):
    run(log, "verify")
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(anchors.read_bytes())
    tamper(own_database, "DELETE FROM audit_entry WHERE seq > 8")
    done = run(log, "verify", "--json", "--anchors", str(copy))
    found = json.loads(done.output)
    assert (done.exit_code, found["problem"]["kind"], found["problem"]["seq"]) == (1, "tail_cut", 9)
    assert found["recorded"] is True


def test_another_copy_of_the_anchors_is_left_as_it_is(log, anchors, tmp_path):
    copy = tmp_path / "copy.jsonl"
    copy.write_text("")
    assert run(log, "verify", "--anchors", str(copy)).exit_code == 0
    assert copy.read_text() == ""
    assert not anchors.exists()


def test_a_check_by_a_role_that_may_only_read_says_that_it_is_not_in_the_log(log, own_database):
    with own_database.connect() as owner:
        owner.execute("REVOKE INSERT ON audit_entry FROM heedful_app")
    done = run(log, "verify")
    assert done.exit_code == 0
    assert "This check is not in the log" in done.output


def test_anchors_that_are_not_there_are_2(log):
    done = run(log, "verify", "--anchors", "/nowhere/anchors.jsonl")
    assert done.exit_code == 2
    assert "/nowhere/anchors.jsonl: is not there" in done.output


def test_a_log_without_its_table_is_2_without_a_trace(log, own_database):
    with own_database.connect() as owner:
        owner.execute("DROP TABLE audit_entry")
    done = run(log, "verify")
    assert done.exit_code == 2
    assert "flask database verify" in done.output
    assert "Traceback" not in done.output


def test_an_export_is_signed_and_logged(log):
    done = run(log, "export", "--from", "3", "--to", "4", "--purpose", "Audit from outside")
    lines = done.output.splitlines(keepends=True)
    signature = json.loads(lines[-1])["signature"]
    assert [json.loads(line)["seq"] for line in lines[:-1]] == [3, 4]
    assert is_sealed(signature["key_id"], LABEL + bytes.fromhex(signature["sha256"]), bytes.fromhex(signature["seal"]))
    assert last_entry().purpose == "Audit from outside"


def test_an_export_without_a_range_is_the_whole_log(log):
    assert len(run(log, "export").output.splitlines()) == 12


def test_an_export_that_cannot_be_logged_is_not_made(log, own_database):
    with own_database.connect() as owner:
        owner.execute("REVOKE INSERT ON audit_entry FROM heedful_app")
    done = run(log, "export")
    assert done.exit_code == 2
    assert "an export that is not in the log is not made" in done.output
    assert "probe.change" not in done.output


def test_a_wrong_master_key_is_2(log, monkeypatch):
    monkeypatch.setenv("DB_ENCRYPTION_KEY", "another-Zk8wV3nQ7rT2yB5mX9cL4dF6gH1jS0aPq")
    reset()
    forget_rings()
    done = run(log, "verify")
    monkeypatch.undo()
    reset()
    forget_rings()
    assert done.exit_code == 2
    assert "flask keys status" in done.output
