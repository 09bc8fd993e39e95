"""Wake-ups: coalesced, short-lived, without anything personal, and never an error for the caller."""

import json
import os
import subprocess
import sys
import uuid
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from portal.queue import JobName, failed_wakes, wake
from portal.queue.jobs import JobRefused
from redis import Redis

TOKEN = uuid.UUID("018f2b5e-7c00-7000-8000-000000000001")


@pytest.fixture(autouse=True)
def _application(app, clean_redis) -> Iterator[None]:
    with app.app_context():
        yield


def jobs(redis: Redis) -> list[dict[bytes, bytes]]:
    return [redis.hgetall(b"rq:job:" + name) for name in redis.lrange("rq:queue:default", 0, -1)]


def test_a_wake_up_holds_a_name_and_ids_as_json(clean_redis):
    assert wake("default", JobName.PROBE, TOKEN, 7)
    (job,) = jobs(clean_redis)
    assert json.loads(zlib.decompress(job[b"data"])) == [JobName.PROBE, None, [str(TOKEN), 7], {}]
    assert job[b"description"] == JobName.PROBE.encode()
    assert (job[b"result_ttl"], job[b"failure_ttl"], job[b"ttl"]) == (b"0", b"30", b"30")


def test_a_wake_up_that_nobody_hears_disappears_by_itself(clean_redis):
    wake("default", JobName.PROBE, TOKEN)
    (name,) = clean_redis.lrange("rq:queue:default", 0, -1)
    assert 0 < clean_redis.ttl(b"rq:job:" + name) <= 30


def test_the_same_wake_up_is_queued_once(clean_redis):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: wake("default", JobName.PROBE, TOKEN), range(200)))
    assert all(answers)
    assert len(jobs(clean_redis)) == 1


def test_wake_ups_for_different_ids_do_not_hold_each_other_back(clean_redis):
    wake("default", JobName.PROBE, 1)
    wake("default", JobName.PROBE, 2)
    assert len(jobs(clean_redis)) == 2


def test_a_wake_up_is_held_back_for_five_seconds_at_most(clean_redis):
    wake("default", JobName.PROBE, 1)
    (key,) = clean_redis.keys("rq:wake:*")
    assert 0 < clean_redis.ttl(key) <= 5


@pytest.mark.parametrize(
    "value", ["ada@tidewell.example", "", True, 1.5, None, {"id": 1}, "{018f2b5e}", str(TOKEN).upper()]
)
def test_an_argument_that_is_no_opaque_id_is_refused(value):
    with pytest.raises(JobRefused, match="argument_not_opaque"):
        wake("default", JobName.PROBE, value)


def test_a_function_that_is_not_listed_is_refused():
    with pytest.raises(JobRefused, match="function_not_listed"):
        wake("default", "os.getpid")


def test_redis_that_refuses_to_write_is_counted_and_swallowed(clean_redis):
    before = failed_wakes()
    clean_redis.set("rq:queues", "not a set")  # every enqueueing now fails
    assert not wake("default", JobName.PROBE, TOKEN)
    assert failed_wakes() == before + 1


def test_keys_carry_the_prefix_of_the_environment(clean_redis, redis_url):
    code = "import portal.queue as q; print(q.wake('default', q.JobName.PROBE, 1))"
    environment = {**os.environ, "REDIS_URL": redis_url, "RQ_KEY_PREFIX": "other"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
    assert {key.split(b":")[0] for key in clean_redis.keys("*")} == {b"other"}
