"""A verification goes on in slices, survives a kill, and says what it found in the log itself."""

import json
import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from portal.audit import jobs
from portal.audit.events import AuditAction, ProblemKind, VerificationState
from portal.audit.models import AuditEntry, AuditVerification
from portal.audit.operations.anchors import read_anchors, write_anchor
from portal.audit.operations.verification import advance, anchor_head, request_verification
from portal.audit.queries import head, latest_verification, open_verification
from portal.audit.rules.chain import Position
from portal.db import db, transaction, utc_now
from portal.queue import PERIODIC, POLLERS
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.audit.conftest import MARA, write
from tests.audit.test_tampering import tamper


def ask(actor=MARA) -> uuid.UUID:
    with transaction() as session:
        return request_verification(actor, session).id


def look(verification_id: uuid.UUID) -> AuditVerification:
    db.session.rollback()
    return db.session.get(AuditVerification, verification_id, populate_existing=True)


def last_entry() -> AuditEntry:
    return db.session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))


def test_an_unbroken_log_is_said_to_be_so_and_anchored(log, anchors):
    asked = ask()
    jobs.verify(str(asked), limit=3)
    row = look(asked)
    assert (row.state, row.checked_seq, row.anchors) == (VerificationState.INTACT, 11, 0)
    assert read_anchors(anchors).newest.seq == 11
    assert (last_entry().action, last_entry().actor_label, last_entry().outcome) == ("audit.verify", MARA.label, "done")


def test_the_next_verification_compares_with_the_anchor(log, anchors):
    jobs.verify(str(ask()))
    asked = ask(SYSTEM)
    jobs.verify(str(asked))
    row = look(asked)
    assert (row.state, row.anchors, row.anchored_seq) == (VerificationState.INTACT, 1, 11)
    assert latest_verification().id == asked
    assert last_entry().actor_label == "System"


def test_a_broken_log_is_named_and_never_anchored(log, own_database, anchors):
    tamper(own_database, "DELETE FROM audit_entry WHERE seq = 5")
    asked = ask()
    jobs.verify(str(asked))
    row = look(asked)
    assert (row.state, row.problem_kind, row.problem_seq) == (VerificationState.BROKEN, ProblemKind.MISSING, 5)
    assert row.problem_text == "Entry 5 is missing; the next one there is 6."
    assert last_entry().outcome == "failed"
    assert not anchors.exists()


def test_it_goes_on_where_a_killed_worker_stopped(log, anchors):
    asked = ask()
    with transaction() as session:
        assert advance(session, asked, anchors, read_anchors(anchors), limit=4)
    assert (look(asked).checked_seq, look(asked).head_seq, look(asked).state) == (4, 11, VerificationState.RUNNING)
    with transaction() as session:
        advance(session, asked, anchors, read_anchors(anchors), limit=4)
    assert look(asked).checked_seq == 8
    jobs.verify(str(asked))
    assert (look(asked).state, look(asked).checked_seq) == (VerificationState.INTACT, 11)


def test_a_slice_that_somebody_else_holds_is_left_to_them(log, own_database, anchors):
    asked = ask()
    with own_database.connect("heedful_app") as other, other.transaction():
        other.execute("SELECT 1 FROM audit_verification FOR UPDATE")
        with transaction() as session:
            assert advance(session, asked, anchors, read_anchors(anchors)) is False
    assert look(asked).state == VerificationState.QUEUED


def test_a_finished_verification_is_not_touched_again(log):
    asked = ask()
    jobs.verify(str(asked))
    finished = look(asked).finished_at
    jobs.verify(str(asked))
    assert look(asked).finished_at == finished


def test_asking_twice_gives_the_one_that_is_open(log):
    assert ask() == ask()


def test_a_job_without_time_leaves_the_rest_to_a_wake_up_of_its_own(log, anchors):
    asked = ask()
    jobs.verify(str(asked), seconds=0, limit=3)
    assert look(asked).checked_seq == 3
    assert jobs.poll(limit=3) is True
    assert look(asked).checked_seq == 6


def test_the_ticker_polls_the_open_one_and_nothing_else(log):
    assert jobs.poll() is False
    asked = ask()
    assert jobs.poll() is False
    assert look(asked).state == VerificationState.INTACT


def test_a_file_of_anchors_that_cannot_be_read_is_a_check_that_could_not_run(log, anchors):
    anchors.mkdir(parents=True)
    asked = ask()
    jobs.verify(str(asked))
    assert look(asked).state == VerificationState.FAILED
    assert look(asked).problem_text == f"The check could not run: the file of anchors, {anchors}, is a directory."
    assert last_entry().outcome == "failed"


def test_the_tasks_of_the_ticker_are_registered(app):
    assert {"audit.anchor", "audit.verify_nightly", "audit.resume_verification"} <= set(PERIODIC)
    assert "audit.verification" in POLLERS


def test_every_night_a_verification_is_asked_for(session):
    PERIODIC["audit.verify_nightly"].function(session)
    session.commit()
    assert open_verification(session).requested_by == "System"


def test_a_stalled_verification_is_woken_and_a_fresh_one_is_not(session, monkeypatch):
    jobs.resume(session)
    request_verification(SYSTEM, session)
    jobs.resume(session)
    monkeypatch.setattr(jobs, "STALLED_AFTER", timedelta())
    jobs.resume(session)
    assert open_verification(session) is not None


def test_the_ticker_anchors_a_head_once(log, anchors):
    with transaction() as session:
        jobs.anchor(session)
        jobs.anchor(session)
    assert len(anchors.read_text().splitlines()) == 1
    write()
    with transaction() as session:
        jobs.anchor(session)
    assert [json.loads(line)["seq"] for line in anchors.read_text().splitlines()] == [10, 11]
    assert anchors.stat().st_mode & 0o777 == 0o600


def test_an_empty_log_has_nothing_to_anchor(session, anchors):
    anchor_head(session, anchors)
    assert not anchors.exists()


def test_a_cut_tail_is_never_anchored(log, own_database, anchors):
    with transaction() as session:
        jobs.anchor(session)
    tamper(own_database, "DELETE FROM audit_entry WHERE seq > 8")
    with transaction() as session:
        jobs.anchor(session)
    assert len(anchors.read_text().splitlines()) == 1


def test_a_line_torn_by_a_full_disk_is_passed_over_and_the_next_one_stands_alone(session, anchors: Path):
    write_anchor(anchors, Position(1, b"a" * 32), utc_now())
    with anchors.open("ab") as file:
        file.write(b'{"seq": 2, "mac"')
    write_anchor(anchors, Position(3, b"b" * 32), utc_now())
    assert sorted(read_anchors(anchors).by_seq) == [1, 3]


@pytest.mark.parametrize("line", ["[]", '{"seq": "1"}', '{"seq": 1, "mac": "zz", "seal": ""}', "{}"])
def test_lines_that_say_nothing_are_passed_over(session, anchors: Path, line):
    anchors.parent.mkdir()
    anchors.write_text(line + "\n")
    assert read_anchors(anchors).newest is None


def test_an_anchor_somebody_else_wrote_is_named(log, anchors: Path):
    with transaction() as session:
        jobs.anchor(session)
    anchors.write_text(anchors.read_text().replace('"seq": 10', '"seq": 9'))
    asked = ask()
    jobs.verify(str(asked))
    assert (look(asked).problem_kind, look(asked).problem_seq) == (ProblemKind.ANCHOR_FORGED, 9)


def test_an_anchor_that_has_gone_is_missed(log, anchors: Path):
    jobs.verify(str(ask()))
    jobs.verify(str(ask()))
    os.truncate(anchors, 0)
    asked = ask()
    jobs.verify(str(asked))
    assert (look(asked).problem_kind, look(asked).problem_seq) == (ProblemKind.ANCHORS_GONE, 11)


def test_asking_for_a_verification_is_an_entry(session):
    request_verification(MARA, session)
    session.commit()
    assert last_entry().action == AuditAction.REQUEST_VERIFICATION
    assert head(session).seq == 1
