"""Looking at real parts that work, do not work, or are not there."""

import os
import time

from portal.audit.models import AuditVerification
from portal.config.secret import Secret
from portal.db import new_session, utc_now
from portal.health.jobs import watch
from portal.health.models import HealthState
from portal.health.queries import parts
from portal.health.rules.report import Kind
from portal.queue import PERIODIC
from portal.queue.models import PeriodicRun
from portal.queue.processes import Pulse
from sqlalchemy import select


def found(session):
    return {str(report.part): report for report in parts.all_reports(session)}


def test_a_fresh_portal_works_where_it_can_and_says_what_is_missing(session):
    reports = found(session)
    working = {part for part, report in reports.items() if report.kind is Kind.OK}
    assert {"database", "redis", "schema", "keys", "tls"} <= working
    assert {reports[part].state for part in ("workers", "ticker")} == {"Missing"}
    assert (reports["backup"].state, reports["audit"].state) == ("None yet", "Not verified")


def test_the_ticker_watches_every_half_minute_even_if_nobody_looks(session):
    assert PERIODIC["health.watch"].interval.total_seconds() == 30
    watch(session)
    assert len(session.scalars(select(HealthState)).all()) == len(parts.CHECKS)


def test_a_verified_chain_is_unbroken(session):
    session.add(AuditVerification(state="intact", requested_by="Priya Raman", finished_at=utc_now()))
    session.flush()
    assert parts.audit(session).state == "Unbroken"


def test_a_failing_task_of_the_ticker_is_named(session):
    Pulse("ticker").beat(session, "leading")
    session.add(PeriodicRun(name="audit.nightly", last_error="OSError"))
    session.flush()
    assert "audit.nightly" in parts.ticker(session).figures


def test_no_redis_is_no_fault(session, lock):
    lock("redis", url=Secret(""))
    assert parts.redis(session).kind is Kind.NONE


def test_a_redis_that_does_not_answer_is_one(session, lock):
    lock("redis", url=Secret("redis://127.0.0.1:1/0"))
    report = parts.redis(session)
    assert (report.kind, report.figures) == (Kind.BAD, "does not answer")


def test_the_newest_finished_backup_counts(session, lock, tmp_path):
    folder = tmp_path / "backups"
    (folder / "older").mkdir(parents=True)
    for name, age in (("old.dump", 90_000), ("new.dump", 60), (".writing", 1)):
        (folder / name).write_text("x")
        os.utime(folder / name, (time.time() - age,) * 2)
    lock("general", var_dir=tmp_path)
    assert parts.newest_backup().name == "new.dump"
    assert parts.backup(session).state == "Working"


def test_the_disk_is_looked_at_before_the_folder_exists(session, lock, tmp_path):
    lock("general", var_dir=tmp_path / "not" / "yet")
    assert "GB" in parts.disk(session).figures


def test_a_master_key_that_does_not_fit_is_told_with_its_remedy(session, lock):
    lock("security", db_encryption_key=Secret("another-master-key-9Qx7Lw3Vt5Rb2Nz8"))
    report = parts.keys(session)
    assert (report.kind, report.state) == (Kind.BAD, "Locked")
    assert "another-master-key" not in report.remedy


def test_verification_that_is_off_is_warned_about(session, lock):
    lock("security", tls_verify=False)
    assert (parts.tls(session).kind, parts.tls(session).state) == (Kind.WARN, "Not verified")


def test_a_connection_that_is_not_verified_is_named(session, lock):
    lock("redis", url=Secret("redis://cache.tidewell.example/0"))
    assert "REDIS_URL" in parts.tls(session).remedy


def test_a_check_that_fails_itself_is_a_report_and_the_others_go_on(own_app, own_database):
    with own_database.connect() as owner:
        owner.execute("DROP TABLE periodic_run")
    with own_app.app_context(), new_session() as session:
        reports = found(session)
    assert (reports["ticker"].state, reports["schema"].state) == ("Unknown", "Working")
    assert "ProgrammingError" in reports["ticker"].remedy
