"""What the launcher reads: variables, .env, the Procfile, reasons in output, facts, the lock."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from portal.config.variables import embedded_servers
from portal.launch import folders, program
from portal.launch.environment import Surroundings, read_env_file
from portal.launch.explain import explain
from portal.launch.facts import facts_file, forget_facts, read_facts, write_facts
from portal.launch.failure import LaunchError
from portal.launch.lock import holder, only_launcher
from portal.launch.procfile import read_procfile

ROOT = Path(__file__).parents[2]


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("PORT=9001\nexport REDIS_URL='redis://x' \n# PORT=1\nA=b # why\nnonsense\n")
    assert Surroundings(tmp_path, {}).port == 9001
    assert Surroundings(tmp_path, {"PORT": "9002"}).port == 9002
    assert read_env_file(tmp_path / ".env") == {"PORT": "9001", "REDIS_URL": "redis://x", "A": "b"}


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    with pytest.raises(LaunchError, match="set it to a number from 1 to 65535"):
        _ = Surroundings(tmp_path, {"PORT": port}).port


def test_a_variable_may_stand_in_a_file_of_its_own(tmp_path):
    assert Surroundings(tmp_path, {"DATABASE_URL_FILE": "/run/secret"}).is_given("DATABASE_URL")
    assert not Surroundings(tmp_path, {}).is_given("DATABASE_URL")


@pytest.mark.parametrize(
    ("variables", "demo"),
    [
        ({}, True),
        ({"PUBLIC_BASE_URL": "http://localhost:8000"}, True),
        ({"PUBLIC_BASE_URL": "https://portal.tidewell.example"}, False),
        ({"PUBLIC_BASE_URL": "http://localhost.tidewell.example"}, False),
        ({"HEEDFUL_DEMO": "0"}, False),
    ],
)
def test_demo_sign_ins_stay_on_this_machine(tmp_path, variables, demo):
    here = Surroundings(tmp_path, variables)
    assert here.is_demo is demo
    assert here.for_parts({})["HEEDFUL_DEMO"] == str(int(demo))


def test_parts_find_the_servers_and_this_python_first(tmp_path):
    environ = Surroundings(tmp_path, {"PATH": "/bin"}).for_parts({"REDIS_URL": "unix:///x"})
    assert environ["REDIS_URL"] == "unix:///x"
    assert environ["PATH"] == f"{Path(sys.executable).parent}:/bin"


def test_the_procfile_is_read_with_its_variables(tmp_path):
    file = tmp_path / "Procfile"
    file.write_text("# parts\n\nweb: serve --port $PORT 'a b'\n")
    assert read_procfile(file, {"PORT": "81"}) == {"web": ["serve", "--port", "81", "a b"]}
    file.write_text("web\n")
    with pytest.raises(LaunchError, match="write `name: command`"):
        read_procfile(file, {})


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('x\nFATAL:  password authentication failed for user "a"', "PostgreSQL refused the password"),
        ("connection failed: Connection refused\n\tIs the server", "PostgreSQL does not answer; start it"),
        ('FATAL: database "heedful" does not exist', "The database does not exist"),
        ('FATAL: role "x" does not exist', "The database role does not exist"),
        (
            "ERROR: permission denied for schema public",
            "This database role may not change tables; set DATABASE_OWNER_URL",
        ),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("[ERROR] Connection in use: ('127.0.0.1', 8000)", "The port is taken"),
        ("Traceback\n  File\nSet SECRET_KEY.", "Set SECRET_KEY."),
        ("Something else", "Something else."),
        ("", "it gave no reason."),
    ],
)
def test_output_becomes_one_sentence(said, sentence):
    assert explain(said).startswith(sentence)
    assert "\n" not in explain(said)


def test_every_problem_of_the_configuration_is_kept():
    listed = "The configuration cannot be used:\n  PORT is wrong. Mend it."
    assert explain(f"Error: {listed}\n") == listed


def test_the_settings_find_the_facts_of_running_servers(tmp_path):
    folders.private_folder(tmp_path / "run")
    facts = {"DATABASE_URL": "postgresql://a", "DATABASE_OWNER_URL": "postgresql://b", "REDIS_URL": "unix:///c"}
    write_facts(tmp_path, facts)
    assert facts_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert embedded_servers(tmp_path) == read_facts(tmp_path) == facts
    forget_facts(tmp_path)
    assert read_facts(tmp_path) == {}
    facts_file(tmp_path).write_text(json.dumps([1]))
    assert read_facts(tmp_path) == {}


def test_one_launcher_at_a_time(tmp_path):
    file = tmp_path / "lock"
    assert holder(file) == 0
    code = "import sys; from pathlib import Path; from portal.launch.lock import only_launcher\n"
    code += "with only_launcher(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        assert holder(file) == other.pid
        refusal = rf"already runs here \(process {other.pid}\); press Ctrl-C there or run `make stop`"
        with pytest.raises(LaunchError, match=refusal), only_launcher(file):
            pass
        other.stdin.close()
    assert holder(file) == 0


def test_a_machine_without_proc_asks_ps(monkeypatch):
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(FileNotFoundError))
    monkeypatch.setattr(Path, "exists", lambda _: False)
    child = subprocess.Popen(["sleep", "30"])
    assert program.command_of(child.pid) == ["sleep", "30"]
    child.kill()
    child.wait()
    assert program.command_of(child.pid) == []


def test_another_users_folder_is_not_ours(tmp_path):
    tmp_path.chmod(0o755)
    assert not folders.is_ours(tmp_path)
    assert not folders.is_ours(tmp_path / "missing")


def test_servers_that_start_side_by_side_may_ask_for_the_same_folder(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = [pool.submit(folders.private_folder, tmp_path / "run") for _ in range(800)]
    assert {one.result() for one in made} == {tmp_path / "run"}
    assert list((tmp_path / "run").iterdir()) == []
