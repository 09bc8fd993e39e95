"""Whether Redis is there, and how long anybody waits for it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.config.current import reset
from portal.queue import JobName, QueueName, RedisState, redis_connection, redis_state, wake
from portal.queue.connection import STATE_AGE, _seen, redis_url, worker_connection
from portal.queue.probe import answer, probe
from redis.exceptions import RedisError

from tests.fixtures.database import environment


@pytest.fixture
def no_redis() -> Iterator[None]:
    with environment({"REDIS_URL": ""}):
        reset()
        _seen.clear()
        yield
    reset()
    _seen.clear()


@pytest.fixture
def dead_redis(tmp_path: Path) -> Iterator[None]:
    with environment({"REDIS_URL": f"unix://{tmp_path}/none.sock"}):
        reset()
        yield
    reset()


def test_redis_that_answers_is_up(clean_redis):
    assert redis_state() == RedisState.UP
    assert redis_connection() is redis_connection()


def test_no_redis_configured_is_absent_and_no_error(no_redis):
    assert redis_state() == RedisState.ABSENT
    assert redis_connection() is None
    assert worker_connection() is None
    assert wake(QueueName.DEFAULT, JobName.PROBE, 1) is False
    assert probe() is None
    answer("unheard")


def test_redis_that_does_not_answer_is_down_and_no_error(dead_redis):
    assert redis_state() == RedisState.DOWN
    assert wake(QueueName.DEFAULT, JobName.PROBE, 1) is False


def test_the_state_is_remembered_for_a_moment(clean_redis):
    _seen[redis_url()] = (time.monotonic(), RedisState.DOWN)
    assert redis_state() == RedisState.DOWN
    _seen[redis_url()] = (time.monotonic() - STATE_AGE, RedisState.DOWN)
    assert redis_state() == RedisState.UP


def test_a_probe_that_nobody_answers_gives_up(clean_redis):
    started = time.monotonic()
    assert probe(patience=0.05) is None
    assert time.monotonic() > started


def test_a_probe_gives_up_when_redis_goes_away_meanwhile(clean_redis, monkeypatch):
    def gone(_: float) -> None:
        raise RedisError

    monkeypatch.setattr("portal.queue.probe.time.sleep", gone)
    assert probe(patience=5) is None


def test_the_pool_has_the_configured_size(clean_redis):
    with environment({"REDIS_MAX_CONNECTIONS": "3"}):
        reset()
        assert redis_connection().connection_pool.max_connections == 3
    reset()
