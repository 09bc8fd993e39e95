"""Where the browser of the tests comes from."""

import os

import pytest
from portal.launch import browser
from portal.launch.failure import LaunchError


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with an empty PATH, on which programs can be put."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    def put(name: str, script: str = "exit 0") -> str:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return str(program)

    return put


def test_a_browser_on_the_path_is_taken(machine):
    chrome = machine("google-chrome")
    assert browser.find_browser() == chrome


def test_a_browser_that_does_not_run_is_passed_over(machine):
    machine("chromium", "exit 127")
    chrome = machine("google-chrome")
    assert browser.find_browser() == chrome


def test_root_gets_debians_package(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    make = f"printf '#!/bin/sh\\n' >{tmp_path}/chromium; /bin/chmod 755 {tmp_path}/chromium"
    machine("apt-get", f'case "$1" in install) {make};; esac')
    assert browser.find_browser() == str(tmp_path / "chromium")


def test_where_nothing_helps_one_sentence_says_so(machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine("apt-get", "exit 1")
    with pytest.raises(LaunchError, match="leave these tests out with BROWSER_TESTS=0"):
        browser.find_browser()
    assert "failed; check the network" in capsys.readouterr().err


def test_playwrights_own_browser_is_the_last_resort(machine, monkeypatch, tmp_path):
    own = machine("own-browser")
    monkeypatch.setattr(browser, "OWN", f"print({own!r})")
    assert browser.find_browser() == own
