"""The ticker: one leads, the others stand by; runs what is due, and does the queued work itself while Redis is away."""

import structlog

from portal.queue import POLLERS, RedisState, redis_state
from portal.worker.beats import Beats
from portal.worker.leader import Leader
from portal.worker.poller import PollingChild
from portal.worker.stop import Stop
from portal.worker.tasks import run_due_tasks

TICK = 1.0
log = structlog.get_logger("worker.ticker")


def tick() -> None:
    """Ticks until SIGTERM."""
    stop, beats, leader = Stop(), Beats("ticker"), Leader()
    child = PollingChild(leader)
    stop.listen()
    try:
        while not stop.asked:
            _once(beats, leader, child)
            stop.wait(TICK)
    finally:
        child.end()
        leader.resign()
        beats.end()


def _once(beats: Beats, leader: Leader, child: PollingChild) -> None:
    child.look_after()
    if not leader.leads():
        child.ask_to_stop()
        beats.beat("standing by")
        return
    polls = redis_state() != RedisState.UP
    beats.beat("polling" if polls else "leading")
    if polls and POLLERS:
        child.start()
    run_due_tasks()
