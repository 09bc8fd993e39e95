"""What PostgreSQL and Redis have in common as embedded servers: started or attached to, watched, ended."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from portal.launch import program
from portal.launch.failure import LaunchError

START_SECONDS = 30
STOP_SECONDS = 20
LOG_BYTES = 8 * 1024 * 1024


class Server(ABC):
    """One embedded server. It writes to a log file, so that it outlives a launcher that was killed."""

    name: str
    title: str
    stop_signal: signal.Signals
    var_dir: Path
    passing = b""
    log_start = 0
    child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.var_dir / "log" / f"{self.name}.log"

    @abstractmethod
    def prepare(self) -> None:
        """Everything before the server itself; may be repeated."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command; it becomes the server by exec, so its process id is the server's."""

    @abstractmethod
    def running_pid(self) -> int:
        """The process id of the running server; 0 when its pid file is missing, stale or names another's process."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers."""

    def open(self) -> None:
        """Starts the server, or attaches to the one that runs, and returns when it answers."""
        self.prepare()
        end = time.monotonic() + START_SECONDS
        while not self._has_started():
            if time.monotonic() > end or not self._passes():
                why = f"{self.log} says why. Its last line: {last_line(self.log)}"
                raise LaunchError(f"{self.title} did not start; {why}")
            time.sleep(0.2)

    def _has_started(self) -> bool:
        if not self.running_pid():
            shorten(self.log)
            with self.log.open("ab") as log:
                self.log_start = log.tell()
                self.child = subprocess.Popen(self.command(), stdout=log, stderr=log, start_new_session=True, cwd="/")
        return program.wait_until(self._ready_or_gone, START_SECONDS) and self.is_ready()

    def _passes(self) -> bool:
        """Whether the server refused for a reason that ends by itself."""
        return bool(self.passing) and self.passing in self.log.read_bytes()[self.log_start :]

    def stop(self) -> None:
        """Ends the server in order."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """Ends the server as a power cut would."""
        self._end(signal.SIGKILL)

    def is_running(self) -> bool:
        """Whether the server's process lives; collects it when it was our child and has ended."""
        if self.child:
            self.child.poll()
        return self.running_pid() != 0

    def _end(self, number: signal.Signals) -> None:
        if pid := self.running_pid():
            program.send(pid, number)
            program.wait_until(lambda: not self._lives(pid), STOP_SECONDS)
        if self.child:
            self.child.wait(STOP_SECONDS)
            self.child = None

    def _lives(self, pid: int) -> bool:
        if self.child:
            self.child.poll()
        return program.is_alive(pid)

    def _ready_or_gone(self) -> bool:
        return self.is_ready() or (self.child is not None and self.child.poll() is not None)


def shorten(log: Path) -> None:
    """Keeps one older log beside a log that has grown large."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def last_line(log: Path) -> str:
    """The newest line of a log file."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "nothing"
