"""What happens to a running portal when its servers or its launcher die, and when configured servers are away."""

import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest
from portal.launch import program
from portal.launch.postgres import EmbeddedPostgres
from portal.launch.redis import EmbeddedRedis

from tests.launch.launched import Launched, clean, free_port, run_once, short_folder


@pytest.fixture
def var():
    folder = short_folder()
    yield folder
    clean(folder)


@pytest.fixture
def own_server(var):
    """A PostgreSQL of somebody else's, with passwords, on a TCP port."""
    port, home = free_port(), short_folder()
    server = EmbeddedPostgres(home, {"listen_addresses": "127.0.0.1", "port": str(port)}, die_with_parent=True)
    server.prepare()
    rules = server.data / "pg_hba.conf"
    rules.write_text(rules.read_text().replace("reject", "scram-sha-256"))
    server.open()
    server.run_sql("postgres", "CREATE ROLE heedful LOGIN PASSWORD 'right-word'")
    server.run_sql("postgres", "CREATE DATABASE heedful OWNER heedful")
    yield server, port
    server.stop()
    clean(home)


def test_a_killed_postgres_is_started_again_and_pages_come_back(var):
    run = Launched(var).until("Press Ctrl-C to stop.")
    EmbeddedPostgres(var).kill()
    run.until("postgres ended").until("postgres runs again")
    assert program.wait_until(lambda: run.status("/readyz") == 200, 30)
    assert run.end() == 0


def test_a_killed_redis_is_started_again(var):
    run = Launched(var).until("Press Ctrl-C to stop.")
    EmbeddedRedis(var).kill()
    run.until("redis ended").until("redis runs again")
    assert EmbeddedRedis(var).is_ready()
    assert run.end() == 0


def test_after_a_killed_launcher_the_next_one_reuses_the_servers(var):
    first = Launched(var).until("Press Ctrl-C to stop.")
    web = first.pid_of("web")
    pid = EmbeddedPostgres(var).running_pid()
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    second = Launched(var, PORT=str(first.port)).until("Press Ctrl-C to stop.")
    first.close()
    assert "Ended what an earlier run had left behind: " in second.text
    assert not program.is_alive(web)
    assert EmbeddedPostgres(var).running_pid() == pid
    assert second.status("/readyz") == 200
    assert second.end(signal.SIGTERM) == 0
    assert not EmbeddedPostgres(var).is_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="concerns root")
def test_root_may_run_it_with_capabilities_alone(var):
    run = Launched(var, HEEDFUL_POSTGRES_AS="capability").until("Press Ctrl-C to stop.")
    assert run.status("/readyz") == 200
    assert run.end() == 0


def test_a_long_path_and_a_stale_pid_file_do_not_matter(var):
    deep = var / ("a-very-long-folder-name-" * 4)
    run = Launched(deep).until("Press Ctrl-C to stop.")
    assert run.end() == 0
    data = EmbeddedPostgres(deep).data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    again = Launched(deep).until("Press Ctrl-C to stop.")
    assert again.status("/readyz") == 200
    assert again.end() == 0


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs a mount namespace")
def test_a_disk_that_fills_while_running_is_said_and_mended_by_making_room(var):
    script = f'mount -t tmpfs -o size=320m none {var} && exec "$@"'
    run = Launched(var, "unshare", "--mount", "sh", "-c", script, "sh").until("Press Ctrl-C to stop.")
    inside = Path(f"/proc/{run.process.pid}/root{var}")
    fill(inside / "filler")
    pid = int(next(inside.glob("postgres-*/postmaster.pid")).read_text().split()[0])
    program.send(pid, signal.SIGKILL)
    run.until("MB are needed; free some room, then start again.")
    assert run.status("/healthz") == 200
    (inside / "filler").unlink()
    run.until("postgres runs again")
    assert program.wait_until(lambda: run.status("/readyz") == 200, 30)
    assert run.end() == 0
    assert "Traceback" not in run.text


def fill(file):
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"0" * 65536)


def test_ctrl_c_during_the_start_leaves_nothing_running(var):
    run = Launched(var)
    assert program.wait_until((var / "run" / "servers.json").exists, 60)
    assert run.end() == 0
    assert not EmbeddedPostgres(var).is_running()
    assert not EmbeddedRedis(var).is_running()
    assert "Traceback" not in run.text


def test_a_database_that_does_not_answer_is_one_sentence(var):
    url = f"postgresql://heedful:secret-word@127.0.0.1:{free_port()}/heedful"
    code, said = run_once(var, "run", DATABASE_URL=url, PORT=str(free_port()))
    assert code == 1
    assert "PostgreSQL does not answer; start it, or correct DATABASE_URL." in said
    assert said.count("\n") == 1
    assert "secret-word" not in said


def test_a_wrong_password_is_one_sentence(var, own_server):
    _, port = own_server
    wrong = f"postgresql://heedful:wrong-word@127.0.0.1:{port}/heedful"
    code, said = run_once(var, "run", DATABASE_URL=wrong, PORT=str(free_port()))
    assert code == 1
    assert "PostgreSQL refused the password; correct the user and password in DATABASE_URL" in said
    assert said.count("\n") == 1
    assert "wrong-word" not in said


def test_a_configured_database_may_go_away_and_come_back(var, own_server):
    server, port = own_server
    url = f"postgresql://heedful:right-word@127.0.0.1:{port}/heedful"
    run = Launched(var, DATABASE_URL=url).until("Press Ctrl-C to stop.")
    server.kill()
    assert program.wait_until(lambda: run.status("/readyz") == 503, 30)
    assert run.status("/healthz") == 200
    server.open()
    assert program.wait_until(lambda: run.status("/readyz") == 200, 60)
    assert run.end() == 0
    assert "web ended" not in run.text


def test_a_redis_that_does_not_answer_keeps_nothing_from_starting(var):
    run = Launched(var, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0").until("Press Ctrl-C to stop.")
    assert run.status("/readyz") == 200
    assert run.end() == 0
