"""What a slice of work needs to know about its own process: who holds its leases, and when it has to stop."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from redis import Redis
from rq.defaults import RQ_KEY_PREFIX
from sqlalchemy.orm import Session

HORSE_LOST: dict[str, Callable[[Session, str], int]] = {}
"""By name: frees the leases of one owner whose process is gone, and says how many. Runs in its own transaction."""


class _Slice:
    """The one slice this process may be running."""

    owner = ""
    parent = 0
    stop = False


def lease_owner() -> str:
    """The name under which this process takes leases: host, worker, process and start, never used twice."""
    return _Slice.owner or _name("process", os.getpid(), time.time_ns())


def stop_requested() -> bool:
    """Whether the slice must flush, release its claims and return: a stop was asked for, or its worker was killed."""
    return _Slice.stop or (_Slice.parent != 0 and os.getppid() != _Slice.parent)


def new_owner(worker: str, started: int) -> Callable[[int], str]:
    """Names the owner of a process about to be forked, so that parent and child agree without speaking."""
    return lambda pid: _name(worker, pid, started)


def begin_slice(owner: str, parent: int) -> None:
    """Called in the forked child before its work."""
    _Slice.owner, _Slice.parent, _Slice.stop = owner, parent, False


def install_stop_signal() -> None:
    """Makes SIGUSR1 ask the slice to stop; installed before the fork, so that no child is ever without it."""
    signal.signal(signal.SIGUSR1, request_stop)


def request_stop(_signal: int, _frame: FrameType | None) -> None:
    """The signal handler: only raises the flag."""
    _Slice.stop = True


def wake_key(queue: str, job: str, arguments: Iterable[Any]) -> str:
    """The key that lets one wake-up through and holds back the same ones for a moment."""
    return ":".join([f"{RQ_KEY_PREFIX}:wake", queue, job, *map(str, arguments)])


def claim_wake_up(connection: "Redis", queue: str, job: str, arguments: Iterable[Any]) -> None:
    """Lets the next wake-up through; done before the first claim."""
    connection.delete(wake_key(queue, job, arguments))


def _name(worker: str, pid: int, started: int) -> str:
    return f"{socket.gethostname()}:{worker}:{pid}:{started}"
