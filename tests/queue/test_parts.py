"""The parts of workers and the ticker, seen from inside one process."""

import logging
import os
import signal
from datetime import timedelta

import pytest
from portal.config.current import reset
from portal.db import db
from portal.queue import HORSE_LOST, Periodic, lease_owner, slices, stop_requested
from portal.queue.jobs import SafeQueue
from portal.queue.models import PeriodicRun
from portal.worker.beats import Beats
from portal.worker.failures import sanitised
from portal.worker.leader import Leader
from portal.worker.leases import free_leases
from portal.worker.records import quiet_rq
from portal.worker.start import main
from portal.worker.stop import Stop
from portal.worker.tasks import run_due_tasks
from portal.worker.work import _listen as listen
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.fixtures.database import Database, app_on


class Refused(Exception):
    code = "number_unknown"


Refused.__module__ = "portal.channels.example"


@pytest.fixture
def handlers():
    """Gives both signals back to the test run."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def tasks(monkeypatch):
    monkeypatch.setattr("portal.worker.tasks.PERIODIC", registered := {})
    return registered


def test_an_error_of_ours_keeps_its_code_and_no_text():
    failure = sanitised(Refused("ada@tidewell.example"))
    assert (str(failure), failure.code) == ("Refused number_unknown", "number_unknown")


def test_the_code_of_a_foreign_error_is_not_believed():
    error = ValueError("text")
    error.code = "ada@tidewell.example"
    assert str(sanitised(error)) == "ValueError"


def test_what_rq_logs_loses_its_values_and_its_exceptions():
    quiet_rq()
    with capture_logs() as logs:
        logging.getLogger("rq.worker").error("job %s of %s", "1", "ada@tidewell.example")
        try:
            int("ada@tidewell.example")
        except ValueError:
            logging.getLogger("rq.worker").exception("quitting")
    assert [(line["text"], line["error"]) for line in logs] == [("job %s of %s", ""), ("quitting", "ValueError")]


def test_a_lease_owner_names_this_process_once():
    assert f":{os.getpid()}:" in lease_owner()


def test_the_stop_signal_is_seen_by_the_slice(monkeypatch):
    monkeypatch.setattr(slices._Slice, "stop", False)
    assert not stop_requested()
    slices.request_stop(signal.SIGUSR1, None)
    assert stop_requested()


def test_a_slice_whose_worker_died_is_asked_to_stop(monkeypatch):
    monkeypatch.setattr(slices._Slice, "parent", os.getppid() + 1)
    assert stop_requested()


def test_a_task_runs_when_it_is_due_and_then_rests(own_app, tasks):
    ran = []
    tasks["a"] = Periodic("a", timedelta(hours=1), ran.append)
    with own_app.app_context():
        assert (run_due_tasks(), run_due_tasks()) == (1, 0)
        run = db.session.scalars(select(PeriodicRun)).one()
    assert (run.name, run.runs, run.last_error, len(ran)) == ("a", 1, "", 1)


def test_a_task_that_another_ticker_is_running_is_left_alone(own_app, own_database, tasks):
    tasks["a"] = Periodic("a", timedelta(0), lambda _: None)
    with own_app.app_context():
        assert run_due_tasks() == 1
        with own_database.connect() as other, other.transaction():
            other.execute("SELECT 1 FROM periodic_run FOR UPDATE")
            assert run_due_tasks() == 0


def test_a_task_that_breaks_its_transaction_is_noted_too(own_app, tasks):
    tasks["a"] = Periodic("a", timedelta(hours=1), lambda s: s.execute(select(1 / 0)))
    with own_app.app_context():
        run_due_tasks()
        assert db.session.scalars(select(PeriodicRun.last_error)).one() == "ZeroDivisionError"


def test_a_database_that_is_away_stops_neither_tasks_nor_beats(own_app, own_database, tasks):
    tasks["a"] = Periodic("a", timedelta(hours=1), lambda _: None)
    with own_app.app_context(), own_database.connect("postgres") as operator:
        operator.execute("ALTER TABLE process_heartbeat RENAME TO gone; ALTER TABLE periodic_run RENAME TO gone_too")
        beats = Beats("worker", "default")
        with capture_logs() as logs:
            assert run_due_tasks() == 0
            beats.beat("idle")
            beats.end()
    assert [line["event"] for line in logs] == ["ticker.database_away", "worker.beat_missed", "worker.beat_missed"]


def test_every_hook_frees_its_leases_even_when_one_before_it_fails(own_app, monkeypatch):
    freed = []
    monkeypatch.setitem(HORSE_LOST, "broken", lambda *_: 1 // 0)
    monkeypatch.setitem(HORSE_LOST, "good", lambda _, owner: freed.append(owner) or 1)
    with own_app.app_context():
        free_leases("host:worker:1:2")
    assert freed == ["host:worker:1:2"]


def test_waiting_ends_when_asked_to_stop(handlers):
    stop = Stop()
    stop.wait(0)
    stop.listen()
    signal.raise_signal(signal.SIGTERM)
    assert stop.asked
    stop.wait(3600)


def test_an_unknown_queue_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["work", "nowhere"])
    assert ended.value.code == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_wrong_setting_is_one_sentence_and_exit_code_1(capsys, monkeypatch):
    monkeypatch.setenv("DB_ENCRYPTION_KEY", "short")
    reset()
    assert main(["tick"]) == 1
    reset()
    assert "DB_ENCRYPTION_KEY" in capsys.readouterr().err


def test_a_ticker_without_a_database_does_not_lead(redis_url):
    with app_on(Database("nowhere"), REDIS_URL=redis_url) as app, app.app_context(), capture_logs() as logs:
        leader = Leader()
        leader.forget_in_child()
        assert not leader.leads()
        leader.resign()
    assert [line["event"] for line in logs] == ["ticker.database_away"]


def test_a_leader_that_loses_its_connection_leads_no_longer(own_app, own_database):
    with own_app.app_context():
        leader = Leader()
        assert leader.leads()
        with own_database.connect("postgres") as operator:
            here = "datname = current_database() AND usename = 'heedful_app'"
            operator.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {here}")
        assert not leader.leads()
        assert leader.leads()
        leader.resign()


def test_a_worker_that_loses_redis_says_so_and_goes_on(own_app, tmp_path, handlers):
    stop = Stop()
    stop.asked = True
    dead = Redis(unix_socket_path=str(tmp_path / "none.sock"))
    with own_app.app_context(), capture_logs() as logs:
        listen("default", dead, stop, Beats("worker"))
    assert [line["event"] for line in logs] == ["worker.redis_lost"]


def test_redis_lost_while_a_job_is_read_is_not_blamed_on_the_job(tmp_path):
    dead = Redis(unix_socket_path=str(tmp_path / "none.sock"))
    with pytest.raises(RedisError):
        SafeQueue._fetch_dequeued_job(dead, "rq:queue:default", "1")
