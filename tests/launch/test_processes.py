"""The supervisor with real processes: order, restarts, readiness, stopping."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from portal.launch import parts, program
from portal.launch.failure import LaunchError
from portal.launch.parts import ProcessPart, Step
from portal.launch.processes import Supervisor
from portal.launch.records import Records

FOREVER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, lambda *_: None); print('up', flush=True)\nwhile True: time.sleep(1)"


async def wait_for(true) -> None:
    # Not in a thread: one that waits for what never comes would hold up the end of the loop.
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.02)


class Stage:
    """Parts that write what they do into one list, and a supervisor that stops after a scene."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.records = Records(folder / "parts.json")

    def part(self, name: str, code: str, **options) -> ProcessPart:
        return ProcessPart(
            name, [sys.executable, "-c", code], dict(os.environ), self.said.append, self.records, **options
        )

    def step(self, name: str, code: str, **options) -> Step:
        return Step(name, [sys.executable, "-c", code], dict(os.environ), self.folder / f"{name}.log", **options)

    def heard(self, words: str) -> bool:
        return any(words in line for line in self.said)

    async def until(self, words: str) -> None:
        await wait_for(lambda: self.heard(words))

    def play(self, ranks, scene=None) -> int:
        async def ready() -> None:
            self.said.append("ready")

        async def everything() -> int:
            supervisor = Supervisor(ranks, self.said.append, ready)
            supervisor.first_delay = 0.05
            acting = asyncio.create_task(self._act(supervisor, scene))
            code = await asyncio.wait_for(supervisor.run(), 60)
            acting.cancel()
            return code

        return asyncio.run(everything())

    async def _act(self, supervisor, scene) -> None:
        if scene:
            await scene()
        else:
            await self.until("ready")
        supervisor.stopping.set()


@pytest.fixture
def stage(tmp_path) -> Stage:
    return Stage(tmp_path)


def test_ranks_start_one_after_the_other_and_stop_in_reverse(stage):
    order = stage.folder / "order"
    write = f"import signal, sys, time; f = open({str(order)!r}, 'a'); name = sys.argv[1]\n"
    write += "signal.signal(15, lambda *_: (f.write(name + ' down '), sys.exit()))\n"
    body = "f.write(name + ' up '); f.flush(); time.sleep(60)"
    one, two = stage.part("one", write + body), stage.part("two", write + body)
    one.command, two.command = [*one.command, "one"], [*two.command, "two"]
    one.ready = lambda: order.exists() and "one up" in order.read_text()
    two.ready = lambda: "two up" in order.read_text()
    assert stage.play([[one], [two]]) == 0
    assert order.read_text() == "one up two up two down one down "


def test_a_part_that_dies_is_started_again_with_growing_delays(stage):
    part = stage.part("flaky", "print('hello', flush=True); raise SystemExit(3)")
    stage.play([[part]], lambda: stage.until("in 0.2 s"))
    assert stage.heard("flaky    | hello")
    assert stage.heard("flaky ended (exit code 3); starting it again in 0.05 s")
    assert stage.heard("flaky runs again")


def test_the_delay_starts_anew_after_steady_work(stage, monkeypatch):
    monkeypatch.setattr("portal.launch.processes.STEADY_SECONDS", 0.0)
    part = stage.part("flaky", "print('hello', flush=True)")

    async def three_times() -> None:
        await wait_for(lambda: sum("starting it again" in line for line in stage.said) > 2)

    stage.play([[part]], three_times)
    assert not stage.heard("in 0.1 s")


def test_a_kill_is_named_by_its_signal(stage):
    part = stage.part("victim", FOREVER)

    async def kill() -> None:
        await stage.until("up")
        program.send(part.process.pid, signal.SIGKILL)
        await stage.until("runs again")

    stage.play([[part]], kill)
    assert stage.heard("victim ended (signal SIGKILL)")


def test_a_part_that_cannot_start_again_is_tried_on(stage):
    flag = stage.folder / "flag"
    part = stage.part("late", "print('up', flush=True)")
    part.ready = lambda: not flag.exists()

    async def fail_then_mend() -> None:
        await stage.until("ready")
        flag.touch()
        await stage.until("late could not start")
        flag.unlink()
        await stage.until("runs again")

    assert stage.play([[part]], fail_then_mend) == 0


def test_a_part_that_ends_before_it_is_ready_stops_everything_with_its_reason(stage):
    good = stage.part("good", FOREVER)
    bad = stage.part("bad", "raise SystemExit('The key is missing; set SECRET_KEY.')", ready=lambda: False)
    assert stage.play([[good], [bad]]) == 1
    assert stage.said[-1] == "bad could not start: The key is missing; set SECRET_KEY."
    assert not program.is_alive(good.process.pid)


def test_a_part_that_is_never_ready_is_given_up(stage, monkeypatch):
    monkeypatch.setattr(parts, "READY_SECONDS", 0.3)
    part = stage.part("slow", FOREVER, ready=lambda: False)
    assert stage.play([[part]]) == 1
    assert stage.heard("slow was not ready within 0.3 s")


def test_a_part_that_ignores_the_request_to_stop_is_killed_with_its_children(stage):
    part = stage.part("stubborn", STUBBORN, grace=0.3)
    stage.play([[part]], lambda: stage.until("| up"))
    assert not program.is_alive(part.process.pid)


def test_the_request_to_stop_ends_a_step_half_way(stage):
    began = stage.folder / "began"
    step = stage.step("long", f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(60)")

    async def soon() -> None:
        await wait_for(began.exists)

    since = time.monotonic()
    assert stage.play([[step], [stage.part("never", FOREVER)]], soon) == 0
    assert time.monotonic() - since < 30
    assert not stage.heard("ready")


def test_a_step_that_fails_is_one_sentence_and_its_words_are_kept(stage):
    step = stage.step("migrations", "raise SystemExit('Traceback\\n  x\\nFATAL: password authentication failed')")
    assert stage.play([[step]]) == 1
    assert stage.said[-1].startswith("migrations failed: PostgreSQL refused the password; correct")
    assert "FATAL" in step.log.read_text()


def test_a_step_that_succeeds_tells_who_waits_for_it(stage):
    done = []
    assert stage.play([[stage.step("once", "pass", after=lambda: done.append(1))]]) == 0
    assert done == [1]


def test_the_neighbours_of_a_failing_part_are_stopped_too(stage):
    good, bad = stage.part("good", FOREVER), stage.part("bad", "pass", ready=lambda: False)
    assert stage.play([[good, bad]]) == 1
    assert not program.is_alive(good.process.pid)


def test_records_tell_a_stray_from_a_stranger(stage):
    part = stage.part("stray", FOREVER)

    async def start_only() -> None:
        await part.start()
        part.pump.cancel()
        later = Records(stage.records.file)
        assert await asyncio.to_thread(later.end_strays) == ["stray"]
        await part.process.wait()

    asyncio.run(start_only())
    assert Records(stage.records.file).end_strays() == []


def test_a_reused_process_id_is_left_alone(tmp_path):
    file = tmp_path / "parts.json"
    file.write_text(f'{{"web": [{os.getpid()}, ["another", "program"]]}}')
    assert Records(file).end_strays() == []


def test_broken_records_are_no_obstacle(tmp_path):
    file = tmp_path / "parts.json"
    file.write_text('["no", "records"]')
    assert Records(file).end_strays() == []


def test_a_stray_that_ignores_the_request_is_killed(stage, monkeypatch):
    monkeypatch.setattr("portal.launch.records.GRACE_SECONDS", 0.2)
    part = stage.part("stray", STUBBORN)

    async def start_only() -> None:
        await part.start()
        await stage.until("| up")
        assert await asyncio.to_thread(Records(stage.records.file).end_strays) == ["stray"]
        assert await part.process.wait() == -signal.SIGKILL
        await part.pump

    asyncio.run(start_only())


def test_signals_to_the_dead_are_harmless():
    gone = os.spawnlp(os.P_WAIT, "true", "true")
    assert gone == 0
    program.send(2**22 - 1, signal.SIGTERM)
    program.send_group(2**22 - 1, signal.SIGTERM)


def test_an_error_names_the_part_only_once():
    assert str(LaunchError("web could not start: no.")) == "web could not start: no."
