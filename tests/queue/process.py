"""Run as a module: a real worker or ticker that also knows the jobs, tasks and pollers of the tests."""

import os
import runpy
from datetime import timedelta

from portal.queue import HORSE_LOST
from portal.queue.jobs import ALLOWED
from portal.queue.periodic import poll_when_redis_is_away, run_periodically
from portal.worker import poller

from tests.queue import work

ALLOWED.update(f"tests.queue.work.{name}" for name in work.JOBS)
HORSE_LOST["broken"] = work.broken_hook
HORSE_LOST["test_job"] = work.free
if "TICK_EVERY" in os.environ:
    every = timedelta(seconds=float(os.environ["TICK_EVERY"]))
    run_periodically("test.broken", every, work.broken_task)
    run_periodically("test.tick", every, work.tick)
if "TEST_POLLER" in os.environ:
    poll_when_redis_is_away("test.broken", work.broken_poller)
    poll_when_redis_is_away("test.poller", getattr(work, os.environ["TEST_POLLER"]))
poller.GRACE = float(os.environ.get("POLLING_GRACE", poller.GRACE))

runpy.run_module("portal.worker", run_name="__main__", alter_sys=False)
