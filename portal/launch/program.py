"""What runs under a process id: whether it lives, with which command, and how to end it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def command_of(pid: int) -> list[str]:
    """The command line of a living process; empty when there is none."""
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0")
        return said.split("\0") if said else []
    except OSError:
        if Path("/proc/self").exists():
            return []
    said = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return said.split()


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be collected does not."""
    return bool(command_of(pid))


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Asks again and again until the answer is yes or the time is over."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def send(pid: int, number: signal.Signals) -> None:
    """Signals a process that may be gone by now."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def send_group(pid: int, number: signal.Signals) -> None:
    """Signals a process that leads a session, and all its children."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
