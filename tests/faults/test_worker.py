"""Workers, horses and Redis killed for real: nothing but a moment is lost."""

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.config.current import reset
from portal.launch.redis import EmbeddedRedis
from portal.queue import RedisState, failed_wakes, redis_state, wake
from portal.queue.connection import _seen
from portal.queue.jobs import ALLOWED
from redis import Redis

from tests.fixtures.database import Database, environment
from tests.fixtures.workers import Workers, is_alive, wait_until
from tests.queue import work

pytestmark = pytest.mark.faults
ALLOWED.update(f"tests.queue.work.{name}" for name in work.JOBS)


class OwnRedis:
    """A Redis of this test alone, to be killed; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedRedis(folder, {"appendonly": "no", "maxmemory": "8mb"}, die_with_parent=True)
        self.url = self.server.start()

    def kill(self) -> None:
        self.server.kill()
        wait_until(lambda: seen_now() == RedisState.DOWN)

    def start(self) -> None:
        self.server.start()
        wait_until(lambda: seen_now() == RedisState.UP)

    def client(self) -> Redis:
        return Redis.from_url(self.url)


def seen_now() -> RedisState:
    _seen.clear()
    return redis_state()


@pytest.fixture
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    redis = OwnRedis(tmp_path_factory.mktemp("r"))
    with environment({"REDIS_URL": redis.url}):
        reset()
        yield redis
    reset()
    redis.server.stop()


@pytest.fixture
def workers(own_database: Database, own_redis: OwnRedis, tmp_path: Path) -> Iterator[Workers]:
    started = Workers(own_database, own_redis.url, tmp_path / "out.log")
    yield started
    started.end()


def start(job: str) -> str:
    token = uuid.uuid4()
    wake("default", f"tests.queue.work.{job}", token)
    return str(token)


def test_an_orphaned_horse_notices_and_releases_its_claims(workers: Workers):
    worker = workers.worker()
    token = start("claim_until_stopped")
    horse = workers.job(token, "claimed")
    worker.kill()
    worker.wait()
    workers.job(token, "released")
    wait_until(lambda: not is_alive(horse["pid"]))


def test_parent_and_horse_killed_the_next_worker_works_at_once(workers: Workers):
    worker = workers.worker()
    horse = workers.job(start("claim_until_stopped"), "claimed")
    worker.kill()
    os.kill(horse["pid"], signal.SIGKILL)
    worker.wait()
    workers.worker()
    workers.job(start("note"), "done")
    # Nobody was left to free them: that is for the sweep, once they have run out.
    assert workers.rows("SELECT state FROM test_job WHERE owner = %s", horse["owner"]) == [("claimed",)]


def test_the_same_wake_up_is_let_through_again_after_everything_was_killed(workers: Workers):
    worker = workers.worker()
    token = start("claim_until_stopped")
    horse = workers.job(token, "claimed")
    worker.kill()
    os.kill(horse["pid"], signal.SIGKILL)
    worker.wait()
    workers.worker()
    assert wake("default", "tests.queue.work.claim_until_stopped", uuid.UUID(token))
    wait_until(lambda: len(workers.rows("SELECT 1 FROM test_job WHERE token = %s", token)) == 2)


def test_redis_emptied_while_idle_costs_nothing(workers: Workers, own_redis: OwnRedis):
    worker = workers.worker()
    own_redis.client().flushall()
    workers.job(start("note"), "done")
    assert worker.poll() is None


def test_redis_emptied_in_mid_slice_leaves_the_slice_alone(workers: Workers, own_redis: OwnRedis):
    workers.worker()
    token = start("claim_until_stopped")
    horse = workers.job(token, "claimed")
    own_redis.client().flushall()
    os.kill(horse["pid"], signal.SIGUSR1)
    workers.job(token, "released")
    workers.job(start("note"), "done")


def test_a_horse_killed_after_redis_was_emptied_still_loses_its_leases_at_once(workers: Workers, own_redis: OwnRedis):
    workers.worker()
    token = start("claim_until_stopped")
    horse = workers.job(token, "claimed")
    own_redis.client().flushall()
    os.kill(horse["pid"], signal.SIGKILL)
    workers.job(token, "freed")


def test_an_idle_worker_outlives_redis(workers: Workers, own_redis: OwnRedis):
    worker = workers.worker()
    own_redis.kill()
    own_redis.start()
    workers.job(start("note"), "done")
    assert worker.poll() is None


def test_redis_killed_in_mid_slice_lets_the_slice_finish_and_the_worker_come_back(
    workers: Workers, own_redis: OwnRedis
):
    worker = workers.worker()
    token = start("claim_until_stopped")
    horse = workers.job(token, "claimed")
    own_redis.kill()
    os.kill(horse["pid"], signal.SIGUSR1)
    workers.job(token, "released")
    wait_until(lambda: "worker.redis_lost" in workers.output())
    own_redis.start()
    workers.job(start("note"), "done")
    assert worker.poll() is None
    assert "Traceback" not in workers.output()


def test_a_worker_started_without_redis_waits_for_it(workers: Workers, own_redis: OwnRedis):
    own_redis.kill()
    workers.start("work", "default", wait_for="waiting for Redis")
    own_redis.start()
    workers.job(start("note"), "done")


def test_a_worker_asked_to_stop_in_mid_slice_does_not_need_redis_for_it(workers: Workers, own_redis: OwnRedis):
    worker = workers.worker()
    token = start("claim_until_stopped")
    workers.job(token, "claimed")
    own_redis.kill()
    worker.terminate()
    workers.job(token, "released")
    worker.wait(15)
    assert "Traceback" not in workers.output()


def test_a_full_redis_refuses_wake_ups_and_breaks_nothing(workers: Workers, own_redis: OwnRedis):
    before = failed_wakes()
    client = own_redis.client()
    client.config_set("maxmemory", "1")
    start("note")
    assert failed_wakes() == before + 1
    client.config_set("maxmemory", "64mb")
    workers.worker()
    workers.job(start("note"), "done")


def test_redis_down_costs_a_page_no_error(workers: Workers, own_redis: OwnRedis):
    own_redis.kill()
    assert not wake("default", "tests.queue.work.note", 1)
    assert seen_now() == RedisState.DOWN
