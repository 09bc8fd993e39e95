"""Which processes of the portal run, kept in var/run/parts.json: the next launcher ends the strays of a killed one."""

import contextlib
import json
import signal
from pathlib import Path

from portal.launch import program

GRACE_SECONDS = 10


class Records:
    """Process ids with their command lines; the command line tells a reused id apart."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.rows: dict[str, tuple[int, list[str]]] = {}
        self.were_left = False

    def add(self, name: str, pid: int) -> None:
        """Notes a process that was just started."""
        self.rows[name] = (pid, program.command_of(pid))
        self._write()

    def remove(self, name: str) -> None:
        """Forgets a process that has ended."""
        self.rows.pop(name, None)
        self._write()

    def end_strays(self) -> list[str]:
        """Ends what an earlier launcher left running, and returns the names."""
        left = self._read()
        self.were_left = bool(left)
        strays = [(name, pid) for name, (pid, command) in left.items() if program.command_of(pid) == command]
        for _, pid in strays:
            program.send(pid, signal.SIGTERM)
        for _, pid in strays:
            if not program.wait_until(lambda pid=pid: not program.is_alive(pid), GRACE_SECONDS):  # type: ignore[misc]
                program.send_group(pid, signal.SIGKILL)
        self._write()
        return [name for name, _ in strays]

    def _read(self) -> dict[str, tuple[int, list[str]]]:
        try:
            rows = json.loads(self.file.read_text())
            return {name: (int(pid), list(command)) for name, (pid, command) in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        # These notes serve the next launcher only: a disk that is full now must not end what runs.
        with contextlib.suppress(OSError):
            self.file.write_text(json.dumps(self.rows))
