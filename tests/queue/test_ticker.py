"""A real ticker: it leads, runs what is due, and polls while there is no Redis."""

import os
import signal
from datetime import timedelta

from portal.queue import QueueName
from portal.queue.processes import list_processes, list_runs
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.fixtures.workers import Workers, is_alive, wait_until

NO_REDIS = {"REDIS_URL": "", "TEST_POLLER": "poll"}


def ticks(workers: Workers, name: str = "test.tick") -> int:
    return workers.rows("SELECT count(*) FROM test_tick WHERE name = %s", name)[0][0]


def queued(workers: Workers, *tokens: str) -> None:
    for token in tokens:
        workers.rows("INSERT INTO test_job (token, state) VALUES (%s, 'queued') RETURNING token", token)


def test_one_ticker_leads_and_the_other_stands_by(workers: Workers):
    workers.start("tick", wait_for="leading")
    second = workers.start("tick", wait_for="standing by")
    second.send_signal(signal.SIGTERM)
    assert second.wait(10) == 0
    assert len(workers.rows("SELECT 1 FROM process_heartbeat")) == 1


def test_a_failing_task_stops_no_other_and_leaves_nothing_but_its_error(workers: Workers):
    workers.start("tick", TICK_EVERY="0.5")
    wait_until(lambda: ticks(workers) >= 2)
    assert ticks(workers, "test.broken") == 0
    assert ("LookupError",) in workers.rows("SELECT last_error FROM periodic_run WHERE name = 'test.broken'")
    assert ("", True) in workers.rows(
        "SELECT last_error, last_ok_at = last_run_at FROM periodic_run WHERE name = 'test.tick'"
    )
    assert "tidewell" not in workers.output()


def test_a_restart_neither_doubles_nor_skips_a_run(workers: Workers):
    for _ in range(2):
        ticker = workers.start("tick", wait_for="leading", TICK_EVERY="3600")
        wait_until(lambda: ticks(workers) == 1)
        ticker.terminate()
        ticker.wait(10)
    workers.connection.execute("UPDATE periodic_run SET last_run_at = last_run_at - interval '1 hour'")
    workers.start("tick", wait_for="leading", TICK_EVERY="3600")
    wait_until(lambda: ticks(workers) == 2)


def test_a_run_noted_in_the_future_does_not_stop_the_task_for_an_hour(workers: Workers):
    note = "INSERT INTO periodic_run (name, last_run_at) VALUES ('test.tick', now() + interval '1 hour')"
    workers.connection.execute(note)
    workers.start("tick", TICK_EVERY="3600")
    wait_until(lambda: ticks(workers) == 1)


def test_rows_of_killed_processes_are_swept(workers: Workers):
    worker = workers.worker()
    worker.kill()
    worker.wait()
    workers.connection.execute("UPDATE process_heartbeat SET seen_at = now() - interval '11 minutes'")
    workers.start("tick", wait_for="leading")
    wait_until(lambda: not workers.rows("SELECT 1 FROM process_heartbeat WHERE kind = 'worker'"))


def test_without_redis_the_ticker_does_the_queued_work(workers: Workers):
    workers.start("tick", wait_for="polling", TICK_EVERY="0.5", **NO_REDIS)
    wait_until(lambda: ticks(workers) >= 3)
    queued(workers, "a", "b", "c")
    pids = {workers.job(token, "polled")["pid"] for token in "abc"}
    assert len(pids) == 1  # one child for as long as Redis is away
    assert workers.started[0].pid not in pids
    assert "ticker.poller_failed" in workers.output()
    assert "tidewell" not in workers.output()


def test_a_ticker_asked_to_stop_lets_its_polling_child_finish(workers: Workers):
    ticker = workers.start("tick", wait_for="polling", REDIS_URL="", TEST_POLLER="poll_and_hold")
    workers.job("held", "claimed")
    ticker.terminate()
    assert ticker.wait(10) == 0
    workers.job("held", "released")


def test_a_polling_child_that_does_not_listen_is_killed_and_its_leases_freed(workers: Workers):
    ticker = workers.start("tick", wait_for="polling", REDIS_URL="", TEST_POLLER="poll_and_ignore", POLLING_GRACE="0.3")
    child = workers.job("deaf", "claimed")
    ticker.terminate()
    assert ticker.wait(10) == 0
    assert not is_alive(child["pid"])
    workers.job("deaf", "freed")


def test_a_killed_polling_child_loses_its_leases_at_once_and_gets_a_successor(workers: Workers):
    workers.start("tick", wait_for="polling", REDIS_URL="", TEST_POLLER="poll_and_hold")
    os.kill(workers.job("held", "claimed")["pid"], signal.SIGKILL)
    workers.job("held", "freed")
    workers.job("held", "claimed")


def test_with_redis_the_ticker_does_not_poll(workers: Workers):
    workers.start("tick", wait_for="leading", TEST_POLLER="poll", TICK_EVERY="0.5")
    queued(workers, "waits")
    wait_until(lambda: ticks(workers) >= 2)
    assert workers.rows("SELECT state FROM test_job") == [("queued",)]


def test_the_health_page_can_list_who_lives_and_what_ran(workers: Workers):
    workers.start("tick", TICK_EVERY="3600", wait_for="leading")
    workers.worker()
    wait_until(lambda: ticks(workers) == 1)
    workers.connection.execute(
        "INSERT INTO process_heartbeat (id, kind, host, pid, version, seen_at) "
        "VALUES (gen_random_uuid(), 'worker', 'gone.tidewell.example', 1, '0', now() - interval '1 minute')"
    )
    engine = create_engine(workers.environment["DATABASE_URL"])
    with Session(engine) as session:
        seen = list_processes(session)
        runs = {run.name: run for run in list_runs(session)}
    engine.dispose()
    assert [(process.kind, process.queue, process.alive) for process in seen] == [
        ("ticker", "", True),
        ("worker", QueueName.DEFAULT, True),
        ("worker", "", False),
    ]
    assert seen[2].seen_at < seen[0].seen_at - timedelta(seconds=30)
    assert runs["test.tick"].runs == 1
