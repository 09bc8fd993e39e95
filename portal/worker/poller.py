"""The ticker's own pump for the time without Redis: a forked child that runs the pollers, like a worker's slice."""

import os
import signal
import time
from collections.abc import Callable
from typing import NoReturn

import structlog
from flask import current_app

from portal.db import engine
from portal.queue import POLLERS, Poller, RedisState, redis_state, stop_requested
from portal.queue.slices import begin_slice, install_stop_signal, new_owner, request_stop
from portal.worker.leader import Leader
from portal.worker.leases import free_leases

LIFE = 60.0
"""Seconds after which a child makes room for a fresh one."""

PAUSE = 1.0
"""Seconds between two looks at the tables when nothing is waiting."""

GRACE = 10.0
"""Seconds a child gets to end its slice before it is killed."""

log = structlog.get_logger("worker.poller")


class PollingChild:
    """At most one child that polls. Its leases are freed when it ends badly, as those of any slice."""

    def __init__(self, leader: Leader) -> None:
        self._leader = leader
        self._pid = 0
        self._owner = ""

    def start(self) -> None:
        """Forks the child unless it runs."""
        if self._pid:
            return
        install_stop_signal()
        # What stays open here would stay open in the child: if this process is killed in the middle of a task, the
        # database would not notice, and keep its locks for as long as the child lives.
        engine().dispose()
        parent, owner = os.getpid(), new_owner("ticker", time.time_ns())
        self._pid = os.fork() or _become_child(self._leader, owner, parent)
        self._owner = owner(self._pid)
        log.warning("ticker.polls", pid=self._pid)

    def look_after(self) -> None:
        """Notices the child's end, and frees its leases when that was a bad one."""
        if self._pid:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._ended(status)

    def ask_to_stop(self) -> None:
        """Asks the child to finish its slice; does not wait."""
        if self._pid:
            os.kill(self._pid, signal.SIGUSR1)

    def end(self) -> None:
        """Waits for the child's end, and kills it when it takes too long."""
        self.ask_to_stop()
        deadline = time.monotonic() + GRACE
        while self._pid and time.monotonic() < deadline:
            self.look_after()
            time.sleep(0.05)
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            self._ended(os.waitpid(self._pid, 0)[1])

    def _ended(self, status: int) -> None:
        self._pid = 0
        if status:
            free_leases(self._owner)


def _become_child(leader: Leader, owner: Callable[[int], str], parent: int) -> NoReturn:
    status = 1
    try:
        leader.forget_in_child()
        signal.signal(signal.SIGTERM, request_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        begin_slice(owner(os.getpid()), parent)
        _poll()
        status = 0
    finally:
        # Never back into the parent's code: its clean-up would speak over the parent's connections.
        os._exit(status)


def _poll() -> None:
    end = time.monotonic() + LIFE
    while not stop_requested() and time.monotonic() < end and redis_state() != RedisState.UP:
        waiting = [poller for poller in POLLERS.values() if _slice(poller)]
        if not waiting:
            _rest()


def _rest() -> None:
    end = time.monotonic() + PAUSE
    while not stop_requested() and time.monotonic() < end:
        time.sleep(0.1)


def _slice(poller: Poller) -> bool:
    try:
        with current_app.app_context():
            return poller.function()
    except Exception as error:  # noqa: BLE001 - the other pollers must run
        log.error("ticker.poller_failed", poller=poller.name, error=type(error).__name__)  # noqa: TRY400
        return False
