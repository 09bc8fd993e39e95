"""The first start writes what is missing into .env, once, privately, and says so."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from portal.config.first_start import EnvFileError, ensure_env_file
from portal.config.load import load_config
from portal.config.values import ROOT

from tests.config.samples import LEAST


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def keys(path):
    return [line for line in path.read_text().splitlines() if "_KEY=" in line]


def test_the_first_start_makes_both_keys_in_a_private_file_and_says_so(tmp_path):
    file = tmp_path / ".env"
    said = ensure_env_file(file, {})
    assert [line.split("=")[0] for line in keys(file)] == ["SECRET_KEY", "DB_ENCRYPTION_KEY"]
    assert mode(file) == 0o600
    assert f"Made a new SECRET_KEY and wrote it into {file}" in said[0]
    assert "Keep a copy of DB_ENCRYPTION_KEY" in said[2]
    assert not [line for line in keys(file) if line.split("=", 1)[1] in " ".join(said)]
    assert load_config({**LEAST, "SECRET_KEY": "", "DB_ENCRYPTION_KEY": ""}, file)


def test_the_second_start_changes_nothing(tmp_path):
    file = tmp_path / ".env"
    ensure_env_file(file, {})
    before = file.read_text()
    assert ensure_env_file(file, {}) == []
    assert file.read_text() == before


def test_what_stands_in_the_file_is_kept(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# mine\nexport SECRET_KEY='own'\nDB_ENCRYPTION_KEY=\"\"\nPORT=9000")
    said = ensure_env_file(file, {})
    assert len(said) == 2
    assert file.read_text().startswith("# mine\nexport SECRET_KEY='own'\nDB_ENCRYPTION_KEY=\"\"\nPORT=9000\n\n")
    assert mode(file) == 0o600


@pytest.mark.parametrize("environ", [{"SECRET_KEY": "a", "DB_ENCRYPTION_KEY_FILE": "/b"}])
def test_keys_of_the_environment_are_enough(tmp_path, environ):
    assert ensure_env_file(tmp_path / ".env", environ) == []
    assert not (tmp_path / ".env").exists()


def test_a_linked_file_stays_a_link(tmp_path):
    target = tmp_path / "settings"
    target.touch()
    (tmp_path / ".env").symlink_to(target)
    ensure_env_file(tmp_path / ".env", {})
    assert (tmp_path / ".env").is_symlink()
    assert len(keys(target)) == 2


def test_starts_at_the_same_moment_make_one_pair_of_keys(tmp_path):
    file = tmp_path / ".env"
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: ensure_env_file(file, {}), range(8)))
    assert len([sentences for sentences in said if sentences]) == 1
    assert len(keys(file)) == 2


def test_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(EnvFileError, match=r"cannot be read and written .No such file or directory.*then start again"):
        ensure_env_file(tmp_path / "gone" / ".env", {})


def test_a_file_that_is_no_text_is_told_and_left_alone(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(EnvFileError, match="not a text in UTF-8"):
        ensure_env_file(file, {})
    assert file.read_bytes() == b"\xff\xfe"


def test_a_disk_that_fills_up_leaves_no_half_made_file(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.config.first_start.os.fsync", full)
    with pytest.raises(EnvFileError, match="No space left on device"):
        ensure_env_file(tmp_path / ".env", {})
    assert list(tmp_path.iterdir()) == []


def test_the_first_start_needs_nothing_installed(tmp_path):
    code = (
        f"from portal.config.first_start import *; print(len(ensure_env_file(Path({str(tmp_path / '.env')!r}), {{}})))"
    )
    bare = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"]
    assert subprocess.run(bare, capture_output=True, text=True, check=True).stdout == "3\n"
