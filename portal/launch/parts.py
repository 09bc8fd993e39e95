"""The three kinds of parts: an embedded server, a step that runs once, and a process of the portal."""

import asyncio
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from portal.launch import program
from portal.launch.explain import explain
from portal.launch.failure import LaunchError
from portal.launch.processes import Say
from portal.launch.records import Records
from portal.launch.server import Server

LINE_BYTES = 1 << 20
READY_SECONDS = 60.0
POLL_SECONDS = 0.1


class ServerPart:
    """An embedded server: attached to when it survived an earlier run, and then watched by its process id."""

    def __init__(self, server: Server, start: Callable[[], object]) -> None:
        self.name = server.name
        self.server = server
        self.starter = start
        self.starting: asyncio.Future[object] | None = None

    async def start(self) -> None:
        self.starting = asyncio.ensure_future(asyncio.to_thread(self.starter))
        await asyncio.shield(self.starting)

    async def ended(self) -> str:
        while self.server.is_running():  # noqa: ASYNC110 - it may not be our child, so nothing tells us of its end
            await asyncio.sleep(POLL_SECONDS * 2)
        return f"{self.server.log} says why"

    async def stop(self) -> None:
        if self.starting:
            await asyncio.wait({self.starting})
        await asyncio.to_thread(self.server.stop)


@dataclass
class Step:
    """A command that runs to its end before the next rank begins."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    after: Callable[[], object] = lambda: None

    async def start(self) -> None:
        said, code = await self._run()
        self.log.write_text(said)
        if code:
            raise LaunchError(f"{self.name} failed: {explain(said)} Everything it said is in {self.log}.")
        self.after()

    async def _run(self) -> tuple[str, int]:
        process = await asyncio.create_subprocess_exec(
            *self.command,
            env=self.environ,
            start_new_session=True,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await process.communicate()
        except asyncio.CancelledError:
            await end(process, signal.SIGTERM, 10)
            raise
        return said.decode(errors="replace"), process.returncode or 0

    async def ended(self) -> str:
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    async def stop(self) -> None:
        """A step has ended before anything is stopped."""


@dataclass
class ProcessPart:
    """A process of the portal in a session of its own; its lines are shown with its name."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    say: Say
    records: Records
    ready: Callable[[], bool] = lambda: True
    grace: float = 12.0
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=40))
    process: asyncio.subprocess.Process | None = None
    pump: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            env=self.environ,
            limit=LINE_BYTES,
            start_new_session=True,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.records.add(self.name, self.process.pid)
        self.pump = asyncio.create_task(self._show_lines(self.process))
        await self._until_ready(self.process)

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        end_of_patience = asyncio.get_running_loop().time() + READY_SECONDS
        while not await asyncio.to_thread(self.ready):
            if process.returncode is not None:
                await self.ended()
                raise LaunchError(f"{self.name} could not start: {explain(chr(10).join(self.lines))}")
            if asyncio.get_running_loop().time() > end_of_patience:
                await self.stop()
                raise LaunchError(f"{self.name} was not ready within {READY_SECONDS:g} s; see its lines above.")
            await asyncio.sleep(POLL_SECONDS)

    async def _show_lines(self, process: asyncio.subprocess.Process) -> None:
        stream = cast("asyncio.StreamReader", process.stdout)
        while line := await stream.readline():
            text = line.decode(errors="replace").rstrip()
            self.lines.append(text)
            self.say(f"{self.name:<8} | {text}")

    async def ended(self) -> str:
        process, pump = cast("asyncio.subprocess.Process", self.process), cast("asyncio.Task[None]", self.pump)
        code = await process.wait()
        self.records.remove(self.name)
        await asyncio.wait({pump}, timeout=1)  # a grandchild may hold the pipe open
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    async def stop(self) -> None:
        if self.process is None:
            return
        await end(self.process, signal.SIGTERM, self.grace)
        await self.ended()


async def end(process: asyncio.subprocess.Process, first: signal.Signals, grace: float) -> None:
    """Asks a process to end and, after the grace, kills it with all its children; awaits the exit before it returns."""
    if process.returncode is not None:
        return
    program.send(process.pid, first)
    try:
        await asyncio.wait_for(process.wait(), grace)
    except TimeoutError:
        program.send_group(process.pid, signal.SIGKILL)
        await process.wait()
