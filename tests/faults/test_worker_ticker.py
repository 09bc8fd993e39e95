"""Tickers and PostgreSQL killed for real: another ticker leads, and no task runs twice."""

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.queue import wake
from portal.queue.jobs import ALLOWED
from portal.worker.leader import LEADER_LOCK
from redis import Redis

from tests.fixtures.apart import OwnDatabase
from tests.fixtures.database import Database
from tests.fixtures.workers import Workers, wait_until
from tests.queue import work

pytestmark = pytest.mark.faults
ALLOWED.update(f"tests.queue.work.{name}" for name in work.JOBS)


def ticks(workers: Workers) -> int:
    return workers.rows("SELECT count(*) FROM test_tick WHERE name = 'test.tick'")[0][0]


def smallest_gap(workers: Workers) -> float:
    between = (
        "SELECT min(gap) FROM (SELECT extract(epoch FROM at - lag(at) OVER (ORDER BY at)) AS gap FROM test_tick) g"
    )
    return float(workers.rows(between)[0][0])


def test_a_killed_leader_is_followed_by_the_one_that_stood_by(workers: Workers):
    first = workers.start("tick", wait_for="leading", TICK_EVERY="2")
    second = workers.start("tick", wait_for="standing by", TICK_EVERY="2")
    first.kill()
    first.wait()
    wait_until(lambda: workers.rows("SELECT 1 FROM test_tick WHERE pid = %s", second.pid))
    before = ticks(workers)
    wait_until(lambda: ticks(workers) >= before + 2)
    assert smallest_gap(workers) > 1


def test_a_killed_leader_s_polling_child_does_not_keep_the_lead(workers: Workers):
    options = {"REDIS_URL": "", "TEST_POLLER": "poll_and_ignore"}
    first = workers.start("tick", wait_for="polling", TICK_EVERY="0.01", **options)
    child = workers.job("deaf", "claimed")
    first.kill()
    first.wait()
    second = workers.start("tick", wait_for="polling", TICK_EVERY="0.5", **options)
    wait_until(lambda: workers.rows("SELECT 1 FROM test_tick WHERE pid = %s", second.pid))
    os.kill(child["pid"], signal.SIGKILL)
    assert second.poll() is None


def test_a_stopped_ticker_that_wakes_up_again_doubles_nothing(workers: Workers, own_database: Database):
    first = workers.start("tick", wait_for="leading", TICK_EVERY="2")
    second = workers.start("tick", wait_for="standing by", TICK_EVERY="2")
    first.send_signal(signal.SIGSTOP)
    # The database believes in the stopped one as long as its connection stands; an operator ends it.
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    end = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND {here}"
    with own_database.connect("postgres") as operator:
        operator.execute(end, (LEADER_LOCK & 0xFFFFFFFF,))
    wait_until(lambda: workers.rows("SELECT 1 FROM test_tick WHERE pid = %s", second.pid))
    first.send_signal(signal.SIGCONT)
    wait_until(lambda: workers.rows("SELECT 1 FROM process_heartbeat WHERE pid=%s AND state='standing by'", first.pid))
    assert smallest_gap(workers) > 1


@pytest.fixture
def apart(own_postgres: OwnDatabase, redis_url: str, clean_redis: Redis, tmp_path: Path) -> Iterator[Workers]:
    started = Workers(own_postgres, redis_url, tmp_path / "out.log")
    yield started
    started.end()


def restart(apart: Workers, database: OwnDatabase) -> None:
    database.server.kill()
    wait_until(lambda: "OperationalError" in apart.output())
    database.server.start()
    apart.connection.close()
    apart.connection = database.connect()


def test_a_ticker_outlives_postgresql(apart: Workers, own_postgres: OwnDatabase):
    ticker = apart.start("tick", wait_for="leading", TICK_EVERY="0.5")
    restart(apart, own_postgres)
    before = ticks(apart)
    wait_until(lambda: ticks(apart) > before)
    assert ticker.poll() is None
    assert "Traceback" not in apart.output()


def test_a_worker_outlives_postgresql(apart: Workers, own_postgres: OwnDatabase):
    worker = apart.worker()
    restart(apart, own_postgres)
    token = uuid.uuid4()
    wake("default", "tests.queue.work.note", token)
    apart.job(str(token), "done")
    assert worker.poll() is None
    assert "Traceback" not in apart.output()


def test_a_process_that_cannot_reach_postgresql_at_start_says_what_to_do(apart: Workers, own_postgres: OwnDatabase):
    own_postgres.server.kill()
    ticker = apart.start("tick")
    assert ticker.wait(30) == 1
    assert "PostgreSQL does not answer" in apart.output()
    assert "Traceback" not in apart.output()
    own_postgres.server.start()
    apart.connection.close()
    apart.connection = own_postgres.connect()
