"""
An embedded Redis in var/, on a socket only; where no program is found, work goes on by polling.

The packaged server is an old release: it must stay on its private socket, for demonstrations and tests.
"""

import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from portal.launch import folders, privilege, program
from portal.launch.binaries import find_redis
from portal.launch.failure import LaunchError
from portal.launch.server import Server


class EmbeddedRedis(Server):
    """One server in one var folder. `start()` may be called again after any crash."""

    name = "redis"
    title = "Redis"
    stop_signal = signal.SIGTERM

    def __init__(
        self,
        var_dir: Path,
        options: Mapping[str, str] | None = None,
        *,
        die_with_parent: bool = False,
    ) -> None:
        found = find_redis()
        if found is None:
            raise LaunchError("No Redis was found on this machine; install redis, or set REDIS_URL.")
        self.program, major = found
        self.var_dir = var_dir.resolve()
        self.options = dict(options or {})
        self.tie = privilege.tied_to_parent() if die_with_parent else ()
        self.data = self.var_dir / f"redis-{major}"

    @property
    def socket(self) -> Path:
        return folders.private_folder(folders.socket_folder(self.var_dir) / "redis") / "redis.sock"

    @property
    def pid_file(self) -> Path:
        return self.socket.with_suffix(".pid")

    def prepare(self) -> None:
        """Everything before the server itself."""
        folders.private_folder(self.var_dir / "log")
        folders.private_folder(self.data)

    def command(self) -> list[str]:
        """The server's command; it becomes the server by exec."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            **self.options,
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [*self.tie, str(self.program), *flags]

    def start(self) -> str:
        """Starts or attaches, and returns the URL when the server answers."""
        self.open()
        return self.url()

    def url(self, number: int = 0) -> str:
        """The URL of one numbered database of this server."""
        return f"unix://{self.socket}?db={number}"

    def is_ready(self) -> bool:
        """Whether the server answers PING."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def running_pid(self) -> int:
        """The process id of the server on this socket; 0 when the pid file is missing, stale or another's."""
        try:
            pid = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return 0
        # Redis shows its socket as its process title, so a foreign process under a reused id is told apart.
        return pid if str(self.socket) in " ".join(program.command_of(pid)) else 0
