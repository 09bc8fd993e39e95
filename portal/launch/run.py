"""What `make run` does once everything is installed: servers, migrations, demo data, the processes of the Procfile."""

import asyncio
import http.client
import signal
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from portal.config.first_start import EnvFileError, ensure_env_file
from portal.launch import folders, program
from portal.launch.binaries import find_redis
from portal.launch.environment import Surroundings
from portal.launch.facts import forget_facts, write_facts
from portal.launch.failure import LaunchError
from portal.launch.lock import holder, only_launcher
from portal.launch.parts import ProcessPart, ServerPart, Step
from portal.launch.postgres import EmbeddedPostgres
from portal.launch.processes import Part, Supervisor
from portal.launch.procfile import read_procfile
from portal.launch.records import Records
from portal.launch.redis import EmbeddedRedis

STOP_SECONDS = 60
STRAY_SECONDS = 10.0
DEMO_MARK = "heedful.demo"


def say(text: str) -> None:
    """One line for the person who watches."""
    print(text, flush=True)


class Run:
    """One run of the portal in one project folder."""

    def __init__(self, here: Surroundings) -> None:
        self.here = here
        self.var = folders.private_folder(here.var_dir)
        self.lock = folders.private_folder(self.var / "run") / "launch.lock"
        self.records = Records(self.var / "run" / "parts.json")
        self.postgres = None if here.is_given("DATABASE_URL") else EmbeddedPostgres(self.var)
        self.redis = None if here.is_given("REDIS_URL") or not find_redis() else EmbeddedRedis(self.var)
        self.facts: dict[str, str] = {}
        self.since = time.monotonic()

    def __call__(self) -> int:
        """Runs until it is told to stop."""
        with only_launcher(self.lock):
            self._prepare()
            try:
                return asyncio.run(Supervisor(self._ranks(), say, self._announce).run())
            finally:
                forget_facts(self.var)

    def _prepare(self) -> None:
        folders.private_folder(self.var / "log")
        try:
            for sentence in ensure_env_file(self.here.env_file, self.here.environ):
                say(sentence)
        except EnvFileError as problem:
            raise LaunchError(str(problem)) from None
        if strays := self.records.end_strays():
            say(f"Ended what an earlier run had left behind: {', '.join(strays)}.")
        # Children of a web server that was left alone end by themselves, and hold the port until they do.
        require_free_port(self.here.port, STRAY_SECONDS if self.records.were_left else 0)
        if not self.redis and not self.here.is_given("REDIS_URL"):
            say("No Redis was found on this machine: workers look for work every few seconds instead.")

    def _ranks(self) -> list[Sequence[Part]]:
        servers = self._servers()
        environ = self.here.for_parts(self.facts)
        commands = read_procfile(self.here.root / "Procfile", environ)
        web: list[Part] = []
        others: list[Part] = []
        for name, command in commands.items():
            if name == "web":
                web.append(ProcessPart(name, command, environ, say, self.records, ready=self._web_answers))
            else:
                others.append(ProcessPart(name, command, environ, say, self.records))
        return [servers, [self._step()], web, others]

    def _servers(self) -> list[Part]:
        parts: list[Part] = []
        # Commands typed elsewhere must judge the channels as the portal does.
        self.facts["HEEDFUL_DEMO"] = "1" if self.here.is_demo else "0"
        self.facts["PORT"] = str(self.here.port)
        if self.postgres:
            urls = self.postgres.urls()
            self.facts |= {"DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}
            self.facts["DATABASE_AUDIT_URL"] = urls.audit_url
            parts.append(ServerPart(self.postgres, self._telling(self.postgres.start)))
        if self.redis:
            self.facts["REDIS_URL"] = self.redis.url()
            parts.append(ServerPart(self.redis, self._telling(self.redis.start)))
        return parts

    def _telling(self, start: Callable[[], object]) -> Callable[[], None]:
        def start_and_tell() -> None:
            start()
            write_facts(self.var, self.facts)

        return start_and_tell

    def _step(self) -> Step:
        if self.postgres and self.here.is_demo and not (mark := self.postgres.data / DEMO_MARK).exists():
            step = self._flask("installation", "install", "--demo")
            step.after = mark.touch
            return step
        return self._flask("installation", "install")

    def _flask(self, name: str, *words: str) -> Step:
        log = self.var / "log" / f"{name.replace(' ', '-')}.log"
        return Step(name, ["flask", "--app", "wsgi", *words], self.here.for_parts(self.facts), log)

    async def _announce(self) -> None:
        write_facts(self.var, self.facts)
        say(f"Heedful is ready at http://127.0.0.1:{self.here.port} after {time.monotonic() - self.since:.1f} s.")
        if self.here.is_demo:
            step = self._flask("sign-ins", "demo", "sign-ins")
            try:
                await step.start()
            except LaunchError as problem:
                say(str(problem))
            else:
                say("Sign in as one of these invented people; codes change every 30 s:")
                say(step.log.read_text().rstrip())
            step.log.unlink(missing_ok=True)
        say("Press Ctrl-C to stop.")

    def _web_answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.here.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status < 500
        except OSError:
            return False
        finally:
            line.close()


def require_free_port(port: int, patience: float = 0) -> None:
    """Refuses to start anything when the address is another program's, and still is after the patience."""
    program.wait_until(lambda: not port_problem(port), patience)
    if reason := port_problem(port):
        raise LaunchError(
            f"Port {port} cannot be used ({reason}); stop the program that holds it, "
            f"or choose another: make run PORT={port + 1 if port < 65535 else 8000}"
        )


def port_problem(port: int) -> str:
    """Why nobody could listen on the port now; empty when somebody could."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            return problem.strerror or str(problem)
    return ""


def stop(here: Surroundings) -> int:
    """Ends a launcher that runs elsewhere, or what a killed one left."""
    lock = here.var_dir / "run" / "launch.lock"
    if pid := holder(lock):
        program.send(pid, signal.SIGINT)
        if not program.wait_until(lambda: holder(lock) == 0, STOP_SECONDS):
            raise LaunchError(f"Heedful (process {pid}) did not stop within {STOP_SECONDS} s; run `kill -9 {pid}`.")
        say("Stopped.")
        return 0
    say(stop_leftovers(here.var_dir))
    return 0


def stop_leftovers(var_dir: Path) -> str:
    """Ends processes and servers whose launcher is gone."""
    if not var_dir.exists():
        return "Nothing runs."
    ended = Records(var_dir / "run" / "parts.json").end_strays() if (var_dir / "run").exists() else []
    servers = [EmbeddedPostgres(var_dir), *([EmbeddedRedis(var_dir)] if find_redis() else [])]
    for server in servers:
        if server.is_running():
            server.stop()
            ended.append(server.name)
    forget_facts(var_dir)
    return f"Stopped what was left: {', '.join(ended)}." if ended else "Nothing runs."
