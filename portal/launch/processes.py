"""The supervisor: brings parts up rank by rank, starts again what dies, and stops everything in reverse order.

In production systemd does this; the code is for one machine and one person in front of it.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from portal.launch.failure import LaunchError

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY_SECONDS = 30.0
Say = Callable[[str], None]


class Part(Protocol):
    """Something the supervisor starts, watches and stops."""

    name: str

    async def start(self) -> None:
        """Returns when the part is ready; raises LaunchError when it cannot be."""

    async def ended(self) -> str:
        """Returns how the part ended, when it does; a step that is over never ends again."""

    async def stop(self) -> None:
        """Ends the part and returns when it is gone; may be called when it never started."""


class Supervisor:
    """Keeps parts alive until it is told to stop."""

    def __init__(self, ranks: Sequence[Sequence[Part]], say: Say, when_ready: Callable[[], Awaitable[None]]) -> None:
        self.ranks = ranks
        self.say = say
        self.when_ready = when_ready
        self.first_delay = FIRST_DELAY
        self.stopping = asyncio.Event()

    async def run(self) -> int:
        """Runs until a signal comes; 0 after a clean stop, 1 when a part could not be started at all."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stopping.set)
        keepers: list[asyncio.Task[None]] = []
        try:
            if await self._unless_stopped(self._bring_up()):
                keepers = [asyncio.create_task(self._keep(part)) for rank in self.ranks for part in rank]
                await self._unless_stopped(self.when_ready())
                await self.stopping.wait()
        except (LaunchError, OSError) as problem:
            self.say(f"{in_words(problem)}")
            return 1
        finally:
            await self._stop(keepers)
        return 0

    async def _bring_up(self) -> None:
        for rank in self.ranks:
            async with asyncio.TaskGroup() as group:
                starts = [group.create_task(settled(part)) for part in rank]
            for failure in (start.result() for start in starts):
                if failure:
                    raise failure

    async def _unless_stopped(self, work: Awaitable[None]) -> bool:
        """Does the work, and gives it up when the signal comes first; says whether it was done."""
        task, stop = asyncio.ensure_future(work), asyncio.create_task(self.stopping.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (task, stop):
            if not waiting.done():
                waiting.cancel()
        await asyncio.wait({task, stop})
        if task.cancelled():
            return False
        await task
        return not self.stopping.is_set()

    async def _keep(self, part: Part) -> None:
        """Starts a part again each time it ends: after 1 s, then 2, up to 30; after 30 s of work from 1 again."""
        delay, loop = self.first_delay, asyncio.get_running_loop()
        while True:
            since = loop.time()
            how = await part.ended()
            if loop.time() - since > STEADY_SECONDS:
                delay = self.first_delay
            while True:
                self.say(f"{part.name} ended ({how}); starting it again in {delay:g} s")
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
                failure = await settled(part)
                if failure is None:
                    self.say(f"{part.name} runs again")
                    break
                how = str(failure)

    async def _stop(self, keepers: Sequence["asyncio.Task[None]"]) -> None:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        for rank in reversed(self.ranks):
            await asyncio.gather(*(part.stop() for part in rank))


async def settled(part: Part) -> LaunchError | None:
    """Starts a part; its refusal is an answer, not an exception, so that its neighbours may finish starting."""
    try:
        await part.start()
    except (LaunchError, OSError) as problem:
        return in_words(problem)
    return None


def in_words(problem: LaunchError | OSError) -> LaunchError:
    """What a disk that filled up, or a folder that was closed, means while the portal runs."""
    if isinstance(problem, LaunchError):
        return problem
    place = f"The file {problem.filename}" if problem.filename else "A file under var/"
    reason = problem.strerror or str(problem)
    return LaunchError(f"{place} cannot be written ({reason}); free some room or make it writable for this user.")
