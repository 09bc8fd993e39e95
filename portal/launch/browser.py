"""Finds the browser of the tests, or gets one: CHROMIUM, the PATH, Debian's package as root, Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.launch.failure import LaunchError
from portal.launch.installation import add_debian_packages

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OWN = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"


def find_browser() -> str:
    """The program to start. There is no silent way past it: BROWSER_TESTS=0 has to be typed."""
    chosen = os.environ.get("CHROMIUM", "")
    if chosen:
        if runs(chosen):
            return chosen
        raise LaunchError(f"CHROMIUM names {chosen}, which does not run; correct it or remove it.")
    for candidate in candidates():
        if runs(candidate):
            return candidate
    raise LaunchError(
        "No browser was found and none could be installed; install chromium, or name one with CHROMIUM=/path, "
        "or leave these tests out with BROWSER_TESTS=0."
    )


def candidates() -> Iterator[str]:
    """Programs that may be there, in the order of preference; the later ones are fetched when asked for."""
    yield from on_path()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            add_debian_packages("chromium", "The browser tests need chromium")
        except LaunchError as problem:
            print(problem, file=sys.stderr)
        yield from on_path()
    yield from playwrights_own()


def on_path() -> Iterator[str]:
    """The browsers this machine has."""
    for name in NAMES:
        if found := shutil.which(name):
            yield found


def playwrights_own() -> Iterator[str]:
    """The browser that Playwright downloads for itself."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    said = subprocess.run([sys.executable, "-c", OWN], capture_output=True, text=True, check=False).stdout.strip()
    if said and Path(said).exists():
        yield said


def runs(program: str) -> bool:
    """Whether a program can be started at all; a browser without its libraries cannot."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
