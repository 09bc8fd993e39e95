"""A real worker process with real horses."""

import json
import os
import signal
import uuid
import zlib
from pathlib import Path

import pytest
from portal.queue import wake
from portal.queue.jobs import ALLOWED, SafeJob
from portal.queue.probe import probe
from redis import Redis

from tests.fixtures.workers import Workers, is_alive, wait_until
from tests.queue import work

ALLOWED.update(f"tests.queue.work.{name}" for name in work.JOBS)


@pytest.fixture(autouse=True)
def _application(app):
    with app.app_context():
        yield


def start(job: str) -> str:
    token = uuid.uuid4()
    assert wake("default", f"tests.queue.work.{job}", token)
    return str(token)


def push(redis: Redis, name: str, call: list, **fields: str) -> None:
    """What somebody who can write to Redis might put there."""
    facts = {"data": zlib.compress(json.dumps(call).encode()), "status": "queued", "origin": "default", **fields}
    redis.hset(f"rq:job:{name}", mapping=facts)
    redis.rpush("rq:queue:default", name)


def test_a_worker_does_the_job_in_a_fork_with_a_connection_of_its_own(workers: Workers):
    worker = workers.worker()
    first, second = (workers.job(start("note"), "done") for _ in range(2))
    assert first["parent"] == second["parent"] == worker.pid
    assert first["pid"] != second["pid"]
    assert first["backend"] != second["backend"]
    assert str(first["pid"]) in first["owner"].split(":")


def test_nothing_is_left_in_redis_after_a_job(workers: Workers, clean_redis: Redis):
    workers.worker()
    workers.job(start("note"), "done")
    wait_until(lambda: not clean_redis.keys("rq:job:*"))
    assert not clean_redis.keys("rq:wake:*")
    assert not clean_redis.lrange("rq:queue:default:intermediate", 0, -1)


def test_a_worker_answers_the_probe_and_stops_at_once_when_asked(workers: Workers):
    worker = workers.worker()
    assert probe(patience=10) is not None
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert not workers.rows("SELECT 1 FROM process_heartbeat")
    assert "The worker for default has started: email" in workers.output()


def test_a_worker_runs_no_threads_and_hears_no_commands_from_redis(workers: Workers, clean_redis: Redis):
    worker = workers.worker()
    assert len(list(Path(f"/proc/{worker.pid}/task").iterdir())) == 1
    assert not clean_redis.pubsub_channels()


def test_the_slice_is_told_to_stop_and_finishes(workers: Workers):
    worker = workers.worker()
    token = start("claim_until_stopped")
    horse = workers.job(token, "claimed")
    worker.send_signal(signal.SIGTERM)
    assert workers.job(token, "released")["pid"] == horse["pid"]
    assert worker.wait(10) == 0


def test_a_signal_to_the_whole_group_lets_the_slice_finish_too(workers: Workers):
    workers.worker()
    token = start("claim_until_stopped")
    os.kill(workers.job(token, "claimed")["pid"], signal.SIGTERM)
    workers.job(token, "released")


def test_a_failing_job_leaves_the_type_of_its_error_and_nothing_else(workers: Workers, clean_redis: Redis):
    workers.worker()
    workers.job(start("fail"), "failing")
    wait_until(lambda: b"ValueError" in dump(clean_redis))
    assert b"tidewell" not in dump(clean_redis)
    wait_until(lambda: "worker.job_failed" in workers.output())
    assert "tidewell" not in workers.output()
    workers.job(start("note"), "done")


def dump(redis: Redis) -> bytes:
    """Every value that jobs have in Redis, unpacked where it is packed."""
    names = [key.decode().removeprefix("rq:job:") for key in redis.keys("rq:job:*")]
    raw = [value for name in names for value in redis.hgetall(f"rq:job:{name}").values()]
    results = [result for name in names for result in SafeJob.fetch(name, redis, "json").results()]
    plain = [zlib.decompress(value) if value[:1] == b"x" else value for value in raw]
    return b"\n".join([*plain, *(str(result.exc_string).encode() for result in results)])


TAMPERED = {
    "listed": (["os.getpid", None, [], {}], "function_not_listed"),
    "named": ([["a", "list"], None, [], {}], "function_not_listed"),
    "personal": (["tests.queue.work.note", None, ["ada@tidewell.example"], {}], "argument_not_opaque"),
    "text": (["tests.queue.work.note", None, "text", {}], "argument_not_opaque"),
    "keyword": (["tests.queue.work.note", None, [], {"token": 1}], "argument_not_opaque"),
    "method": (["tests.queue.work.note", "instance", [], {}], "argument_not_opaque"),
    "short": (["too short"], "DeserializationError"),
}


def test_what_others_put_into_redis_is_dropped_before_it_runs(workers: Workers, clean_redis: Redis):
    workers.worker()
    for name, (call, _) in TAMPERED.items():
        push(clean_redis, name, call)
    push(clean_redis, "odd", ["tests.queue.work.note", None, [1], {}], status="no such status")
    clean_redis.rpush("rq:queue:default", "expired")
    workers.job(start("note"), "done")
    lines = [json.loads(line) for line in workers.output().splitlines() if "queue.job_refused" in line]
    codes = {line["job_id"]: line["code"] for line in lines}
    assert codes == {name: code for name, (_, code) in TAMPERED.items()} | {"odd": "ValueError"}
    assert "tidewell" not in workers.output()
    assert not clean_redis.lrange("rq:queue:default:intermediate", 0, -1)
    wait_until(lambda: not clean_redis.keys("rq:job:*"))


def test_call_backs_webhooks_and_timeouts_in_redis_are_not_believed(clean_redis: Redis):
    extra = {
        "success_callback_name": "os.abort",
        "failure_callback_name": "os.abort",
        "webhooks": '[{"url": "http://127.0.0.1:1/", "job_status": "finished"}]',
        "timeout": "86400",
        "repeats_left": "9",
    }
    push(clean_redis, "extra", ["tests.queue.work.note", None, [1], {}], **extra)
    job = SafeJob.fetch("extra", clean_redis, "json")
    assert job.success_callback is None
    assert job.failure_callback is None
    assert not job.webhooks
    assert (job.timeout, job.repeats_left) == (90, None)


def test_a_killed_horse_s_leases_are_freed_at_once_and_the_worker_goes_on(workers: Workers):
    workers.worker()
    token = start("claim_until_stopped")
    os.kill(workers.job(token, "claimed")["pid"], signal.SIGKILL)
    workers.job(token, "freed")
    assert "worker.leases_not_freed" in workers.output()  # the broken hook before it stopped nothing
    workers.job(start("note"), "done")


def test_a_second_signal_takes_down_a_slice_that_does_not_listen(workers: Workers):
    worker = workers.worker()
    token = start("ignore_stop")
    horse = workers.job(token, "claimed")
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(Exception, match="timed out"):
        worker.wait(1.2)
    worker.send_signal(signal.SIGTERM)
    worker.wait(10)
    assert not is_alive(horse["pid"])


def test_a_worker_that_waits_for_redis_stops_when_asked(workers: Workers):
    worker = workers.start("work", "default", wait_for="waiting for Redis", REDIS_URL="")
    worker.terminate()
    assert worker.wait(10) == 0
    assert not workers.rows("SELECT 1 FROM process_heartbeat")
