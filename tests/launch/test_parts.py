"""Parts that end by themselves, and what the launcher says when it is up."""

import asyncio
import subprocess

import pytest
from portal.launch.environment import Surroundings
from portal.launch.failure import LaunchError
from portal.launch.parts import ServerPart
from portal.launch.processes import in_words, settled
from portal.launch.records import Records
from portal.launch.redis import EmbeddedRedis
from portal.launch.run import Run

from tests.launch.launched import clean, free_port, short_folder


@pytest.fixture
def var():
    folder = short_folder()
    yield folder
    clean(folder)


@pytest.fixture
def run(var, tmp_path):
    def make(**variables):
        given = {"HEEDFUL_VAR_DIR": str(var), "PORT": str(free_port()), **variables}
        return Run(Surroundings(tmp_path, given))

    return make


def test_a_server_that_dies_is_noticed_and_its_log_named(var):
    server = EmbeddedRedis(var, die_with_parent=True)
    part = ServerPart(server, server.start)

    async def life():
        await part.start()
        server.kill()
        return await part.ended()

    assert asyncio.run(life()) == f"{server.log} says why"


def test_a_server_that_never_started_can_be_stopped(var):
    server = EmbeddedRedis(var, die_with_parent=True)
    asyncio.run(ServerPart(server, server.start).stop())
    assert not server.is_running()


def test_what_an_earlier_run_left_is_ended_and_said(var, run, capsys):
    stray = subprocess.Popen(["sleep", "60"])
    run().records.add("worker", stray.pid)
    run()._prepare()
    assert "Ended what an earlier run had left behind: worker." in capsys.readouterr().out
    assert stray.wait() == -15


def test_without_the_demo_nobodys_sign_in_is_told(run, capsys):
    asyncio.run(run(HEEDFUL_DEMO="0")._announce())
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Heedful is ready at http://127.0.0.1:")
    assert lines[1:] == ["Press Ctrl-C to stop."]


def test_sign_ins_that_cannot_be_told_are_one_sentence(var, run, capsys, monkeypatch):
    monkeypatch.chdir(var)  # where there is no portal to ask
    launcher = run()
    launcher._prepare()
    capsys.readouterr()
    asyncio.run(launcher._announce())
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("sign-ins failed: ")
    assert lines[2:] == ["Press Ctrl-C to stop."]


def test_a_disk_that_fills_later_is_one_sentence_and_ends_nothing(tmp_path):
    class Full:
        name = "full"

        async def start(self):
            (tmp_path / "missing" / "log").write_text("")

    failure = asyncio.run(settled(Full()))
    assert str(failure).startswith(f"The file {tmp_path}/missing/log cannot be written (No such file or directory);")
    Records(tmp_path / "missing" / "parts.json").remove("web")
    assert str(in_words(OSError("odd"))).startswith("A file under var/ cannot be written (odd);")
    assert in_words(LaunchError("As it is.")).args == ("As it is.",)
