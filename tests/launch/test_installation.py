"""Making .venv: real environments, a lock without packages, and reasons in one sentence."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from portal.launch import installation
from portal.launch.__main__ import main
from portal.launch.failure import LaunchError


@pytest.fixture
def project(tmp_path):
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def test_a_fresh_machine_gets_an_environment_and_the_second_time_is_quick(project, capsys):
    installation.install(project, "requirements-dev.txt")
    assert (project / ".venv/bin/python").exists()
    assert "Installing the packages of requirements-dev.txt" in capsys.readouterr().out
    for lock in ("requirements-dev.txt", "requirements.txt"):
        installation.install(project, lock)
    assert capsys.readouterr().out == ""
    (project / "requirements.txt").write_text("# changed\n")
    installation.install(project, "requirements.txt")
    assert "Installing the packages of requirements.txt" in capsys.readouterr().out


def test_a_package_that_is_not_the_locked_one_is_refused(project):
    wheel = make_wheel(project)
    (project / "requirements.txt").write_text(f"{wheel.as_uri()} --hash=sha256:{'0' * 64}\n")
    with pytest.raises(LaunchError, match="is not the one that was locked; do not use it"):
        installation.install(project, "requirements.txt")
    assert not (project / ".venv" / "requirements.txt.sha256").exists()


def make_wheel(folder: Path) -> Path:
    wheel = folder / "nothing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nothing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: nothing\nVersion: 1.0\n")
        archive.writestr("nothing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("nothing-1.0.dist-info/RECORD", "")
    return wheel


def test_without_a_network_one_sentence_tells_it(project, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    (project / "requirements.txt").write_text(f"nothing==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(LaunchError, match="could not be downloaded; check the network and run the same command again"):
        installation.install(project, "requirements.txt")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("OSError: No space left on device", "There is no room for the packages"), ("odd", "log says why.")],
)
def test_pip_failures_name_the_reason(said, sentence, tmp_path):
    assert sentence in installation.pip_failure(said, tmp_path / "pip.log")


def test_a_log_that_cannot_be_written_is_no_second_failure(tmp_path):
    assert installation.keep(tmp_path / "missing" / "pip.log", "x") == Path(os.devnull)


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_the_lock_was_not_made_for_is_refused(version):
    with pytest.raises(LaunchError, match=r"install Python 3\.11, 3\.12 or 3\.13"):
        installation.require_python(version)


def test_an_environment_that_does_not_run_is_made_anew(project):
    (project / ".venv/bin").mkdir(parents=True)
    assert not installation.has_pip(project / ".venv")
    (project / ".venv/bin/python").symlink_to("/bin/false")
    assert not installation.has_pip(project / ".venv")


def test_a_folder_that_takes_no_environment_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LaunchError, match=r"could not be made \(.+\); mend that"):
        installation.make_venv(tmp_path / "file" / ".venv")


def test_an_ordinary_user_is_told_the_line_to_type(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(installation.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(LaunchError, match="run `sudo apt-get install -y python3-venv` and then the same command"):
        installation.make_venv(tmp_path / ".venv")


@pytest.mark.parametrize("code", [0, 1])
def test_root_installs_the_package_of_the_system(monkeypatch, tmp_path, capsys, code):
    script = tmp_path / "apt-get"
    script.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\nexit {code}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    if code:
        with pytest.raises(LaunchError, match="failed; check the network"):
            installation.add_debian_packages("chromium", "The browser is missing")
    else:
        installation.add_debian_packages("chromium", "The browser is missing")
    assert "install -y -q --no-install-recommends chromium" in (tmp_path / "calls").read_text()


def test_the_commands_end_in_one_sentence_or_a_code(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert main(["browser"]) == 1
    assert capsys.readouterr().err.startswith("Heedful: CHROMIUM names /nowhere/chromium")
    monkeypatch.setenv("CHROMIUM", "/bin/true")
    assert main(["browser"]) == 0
    assert capsys.readouterr().out == "/bin/true\n"


def test_ctrl_c_while_something_is_set_up_is_quiet(monkeypatch):
    def interrupted(*_) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(main.__globals__["COMMANDS"], "setup", interrupted)
    assert main(["setup", "requirements.txt"]) == 130


def test_the_machines_own_python_can_set_up_without_any_package():
    code = "import sys; sys.path.insert(0, '.'); import portal.launch.__main__; print('flask' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("False\n", "")
