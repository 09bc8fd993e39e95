"""A real `python -m portal.launch run` in a folder of its own, for tests that use it as a person would."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from portal.launch import program
from portal.launch.postgres import EmbeddedPostgres
from portal.launch.records import Records
from portal.launch.redis import EmbeddedRedis

from tests.fixtures.servers import quick_place

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "portal.launch"]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(var: Path, **variables: str) -> dict[str, str]:
    """The environment of a machine on which nothing is configured but the keys."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))}
    return {**environ, "HEEDFUL_VAR_DIR": str(var), "HEEDFUL_DEMO": "0", **variables}


def short_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="hfl-", dir=quick_place()))


class Launched:
    """The launcher, what it said, and what it left."""

    def __init__(self, var: Path, *words: str, **variables: str) -> None:
        self.var = var
        self.port = int(variables.setdefault("PORT", str(free_port())))
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*words, *COMMAND, "run"],
            cwd=ROOT, env=surroundings(var, **variables),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def until(self, words: str) -> "Launched":
        """Waits for words; a launcher that ends before it says them fails the test with all it said."""
        program.wait_until(lambda: words in self.text or self.process.poll() is not None, PATIENCE)
        assert words in self.text, self.text
        return self

    def end(self, number: int = signal.SIGINT) -> int:
        """Signals the launcher and returns its exit code once its output is read."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(PATIENCE)
        if code != -signal.SIGKILL:
            self.close()
        return code

    def close(self) -> None:
        self.reader.join()
        self.process.stdout.close()

    def pid_of(self, name: str) -> int:
        return Records(self.var / "run" / "parts.json")._read()[name][0]

    def status(self, path: str) -> int:
        """The status the web server answers with; 0 when it does not answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("GET", path)
            return line.getresponse().status
        except OSError:
            return 0
        finally:
            line.close()


def clean(var: Path) -> None:
    """Ends whatever a test left running and removes its folder."""
    Records(var / "run" / "parts.json").end_strays() if (var / "run").exists() else None
    if var.exists():
        EmbeddedPostgres(var).kill()
        EmbeddedRedis(var).kill()
    subprocess.run(["rm", "-rf", str(var)], check=True)


def run_once(var: Path, *words: str, before: tuple[str, ...] = (), **variables: str) -> tuple[int, str]:
    """One launcher command from start to end; its code and all it said."""
    done = subprocess.run(
        [*before, *COMMAND, *words],
        cwd=ROOT, env=surroundings(var, **variables), capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
