"""`make run` as a person meets it: ready, restarting what dies, stopping; and refusals in one sentence."""

import os
import shutil
import signal
import socket
import threading

import pytest
from portal.launch import program
from portal.launch import run as running
from portal.launch.environment import Surroundings
from portal.launch.failure import LaunchError
from portal.launch.lock import only_launcher
from portal.launch.postgres import EmbeddedPostgres

from tests.launch.launched import Launched, clean, free_port, run_once, short_folder


@pytest.fixture
def var():
    folder = short_folder()
    yield folder
    clean(folder)


def test_a_whole_life(var):
    run = Launched(var, HEEDFUL_DEMO="1").until("Press Ctrl-C to stop.")
    assert f"Heedful is ready at http://127.0.0.1:{run.port}" in run.text
    assert run.status("/healthz") == 200
    code, said = run_once(var, "run", PORT=str(run.port))
    assert (code, said.count("\n")) == (1, 1)
    assert f"already runs here (process {run.process.pid}); press Ctrl-C there or run `make stop`." in said
    program.send(run.pid_of("web"), signal.SIGKILL)
    run.until("web ended (signal SIGKILL); starting it again in 1 s").until("web runs again")
    assert run.status("/healthz") == 200
    assert run_once(var, "stop") == (0, "Stopped.\n")
    assert run.wait() == 0
    assert not EmbeddedPostgres(var).is_running()
    assert not (var / "run" / "servers.json").exists()
    assert "Traceback" not in run.text
    assert run_once(var, "stop") == (0, "Nothing runs.\n")


def test_a_taken_port_is_told_before_anything_starts(var):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = run_once(var, "run", PORT=str(port))
    assert code == 1
    assert said.startswith(f"Heedful: Port {port} cannot be used (Address already in use); stop the program")
    assert said.count("\n") == 1
    assert list(var.glob("postgres-*")) == []


def test_a_folder_that_cannot_be_made_is_one_sentence():
    code, said = run_once("/proc/nothing/var", "run")
    assert code == 1
    assert said.startswith("Heedful: The folder /proc/nothing/var cannot be written (No such file or directory); free")
    assert said.count("\n") == 1


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs a mount namespace")
def test_a_full_disk_is_one_sentence_and_nothing_is_half_made(var):
    script = f'mount -t tmpfs -o size=8m none {var} && "$@"; code=$?; ls -d {var}/postgres* ; exit $code'
    before = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh")
    code, said = run_once(var, "run", before=before, PORT=str(free_port()))
    assert code == 1
    assert "has only 7 MB left and 160 MB are needed; free some room, then start again." in said
    assert "Traceback" not in said
    assert f"cannot access '{var}/postgres*'" in said


def test_a_read_only_folder_is_one_sentence(var):
    script = f'mount -t tmpfs -o ro none {var} && exec "$@"'
    before = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh")
    code, said = run_once(var, "run", before=before)
    assert code == 1
    assert "cannot be written (Read-only file system); free some room or make it writable" in said
    assert said.count("\n") == 1


def test_an_unreadable_env_file_is_one_sentence(var, tmp_path):
    (tmp_path / ".env").mkdir()
    here = Surroundings(tmp_path, {"HEEDFUL_VAR_DIR": str(var), "PORT": str(free_port())})
    with pytest.raises(LaunchError, match=r"The file .*\.env cannot be read"):
        running.Run(here)()
    nowhere = Surroundings(tmp_path / "missing", here.environ)
    with pytest.raises(LaunchError, match=r"Make it and its folder writable"):
        running.Run(nowhere)()


def test_the_first_start_makes_the_keys_and_says_so(var, tmp_path, capsys, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        variables = {"HEEDFUL_VAR_DIR": str(var), "PORT": str(other.getsockname()[1])}
        monkeypatch.setattr(running, "find_redis", lambda: None)
        with pytest.raises(LaunchError, match="cannot be used"):
            running.Run(Surroundings(tmp_path, variables))()
    assert "Made a new DB_ENCRYPTION_KEY" in capsys.readouterr().out
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_a_machine_without_redis_runs_by_polling_and_says_so(var, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(running, "find_redis", lambda: None)
    here = Surroundings(tmp_path, {"HEEDFUL_VAR_DIR": str(var), "PORT": str(free_port())})
    run = running.Run(here)
    run._prepare()
    assert "workers look for work every few seconds" in capsys.readouterr().out
    assert [part.name for part in run._servers()] == ["postgres"]


def test_configured_servers_are_used_and_none_is_started(var, tmp_path):
    variables = {"HEEDFUL_VAR_DIR": str(var), "DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x"}
    run = running.Run(Surroundings(tmp_path, variables))
    assert run._servers() == []
    assert "--demo" not in run._step().command


def test_the_demo_is_loaded_once(var, tmp_path):
    run = running.Run(Surroundings(tmp_path, {"HEEDFUL_VAR_DIR": str(var)}))
    assert run._step().command[-1] == "--demo"
    run.postgres.data.mkdir()
    run._step().after()
    assert run._step().command[-1] == "install"
    run.postgres.data.joinpath(running.DEMO_MARK).unlink()
    run.postgres.data.rmdir()


def test_stop_ends_what_a_killed_launcher_left(var, capsys):
    postgres = EmbeddedPostgres(var)
    postgres.start()
    assert running.stop(Surroundings(var, {"HEEDFUL_VAR_DIR": str(var)})) == 0
    assert capsys.readouterr().out == "Stopped what was left: postgres.\n"
    postgres.stop()  # it was our child, so the last of it is ours to collect
    assert not postgres.is_running()
    assert running.stop_leftovers(var / "missing") == "Nothing runs."


def test_a_launcher_that_does_not_stop_is_named(var, monkeypatch):
    monkeypatch.setattr(running, "STOP_SECONDS", 0.1)
    lock = var / "run" / "launch.lock"
    lock.parent.mkdir()
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with only_launcher(lock), pytest.raises(LaunchError, match=rf"did not stop .*run `kill -9 {os.getpid()}`"):
            running.stop(Surroundings(var, {"HEEDFUL_VAR_DIR": str(var)}))
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_port_that_becomes_free_is_waited_for_after_a_crash():
    holder = socket.create_server(("127.0.0.1", 0))
    port = holder.getsockname()[1]
    with pytest.raises(LaunchError, match="cannot be used"):
        running.require_free_port(port)
    threading.Timer(0.2, holder.close).start()
    running.require_free_port(port, 10)
