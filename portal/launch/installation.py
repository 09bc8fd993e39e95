"""Makes .venv and installs the locked packages into it, when they differ from what was installed last.

Runs on the machine's own Python, before anything is installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal.launch.failure import LaunchError

SUPPORTED = ((3, 11), (3, 13))
NETWORK = (
    "NameResolutionError",
    "ConnectionError",
    "ConnectTimeout",
    "Max retries",
    "No matching distribution",
    "timed out",
)
FULL = ("No space left", "Disk quota", "File too large")


def install(root: Path, lock: str) -> None:
    """Leaves .venv as the lock says. A stamp with the lock's hash is written last: a broken install is done again."""
    require_python()
    venv = root / ".venv"
    stamp, wanted = venv / f"{lock}.sha256", fingerprint(root / lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not has_pip(venv):
        make_venv(venv)
    print(f"Installing the packages of {lock}; the first time this downloads some 400 MB.", flush=True)
    run_pip(venv, root / lock)
    stamp.write_text(wanted)
    if lock == "requirements-dev.txt":  # it contains the other one
        (venv / "requirements.txt.sha256").write_text(fingerprint(root / "requirements.txt"))


def require_python(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    """Refuses a Python the lock was not made for."""
    if not SUPPORTED[0] <= version <= SUPPORTED[1]:
        raise LaunchError(
            f"Python {'.'.join(map(str, version))} is not supported; install Python 3.11, 3.12 or 3.13 "
            "and run `make run PYTHON=python3.12`, say."
        )


def fingerprint(lock: Path) -> str:
    """The hash of a lock file together with the Python it is installed for."""
    python = ".".join(map(str, sys.version_info[:2]))
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {python}\n"


def has_pip(venv: Path) -> bool:
    """Whether the folder holds a working environment for this Python."""
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    probe = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode == 0


def make_venv(venv: Path) -> None:
    """A fresh environment; installs what Debian splits off into python3-venv where that is allowed."""
    if importlib.util.find_spec("ensurepip") is None:
        add_debian_packages("python3-venv", "Python was installed without its venv module")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        reason = (done.stdout + done.stderr).strip().splitlines()[-1:] or ["no reason given"]
        raise LaunchError(f"The folder {venv} could not be made ({reason[0]}); mend that and run the command again.")


def add_debian_packages(name: str, why: str) -> None:
    """Installs a package of the system as root; for anybody else this is one sentence with the line to type."""
    line = f"apt-get install -y {name}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LaunchError(f"{why}; run `sudo {line}` and then the same command again.")
    print(f"{why}: running {line}.", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=environ, check=False, capture_output=True)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", name]
    if subprocess.run(command, env=environ, check=False, capture_output=True).returncode:
        raise LaunchError(f"{why} and `{line}` failed; check the network, then run the same command again.")


def run_pip(venv: Path, lock: Path) -> None:
    """Installs with hashes; what pip says is kept in a log."""
    flags = ["--disable-pip-version-check", "--require-hashes", "--no-input", "--quiet"]
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", *flags, "-r", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    log = venv / "pip.log"
    said = done.stdout + done.stderr
    if done.returncode:
        raise LaunchError(pip_failure(said, keep(log, said)))


def keep(log: Path, said: str) -> Path:
    """Writes what was said, unless even that is impossible."""
    try:
        log.write_text(said)
    except OSError:
        return Path(os.devnull)
    return log


def pip_failure(said: str, log: Path) -> str:
    """One sentence about why the packages could not be installed."""
    if any(sign in said for sign in FULL):
        return "There is no room for the packages (about 800 MB); free some and run the same command again."
    if "do not match the hashes" in said or "DO NOT MATCH THE HASHES" in said:
        return f"A downloaded package is not the one that was locked; do not use it, and see {log}."
    if any(sign in said for sign in NETWORK):
        return f"The packages could not be downloaded; check the network and run the same command again ({log})."
    return f"The packages could not be installed; {log} says why."
