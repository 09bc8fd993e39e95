"""Backups of the database with PostgreSQL's own programs, into var/backups; restored whole or not at all.

A backup holds sealed values only: it can be read with the same DB_ENCRYPTION_KEY and is worthless without it.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from portal.launch import folders
from portal.launch.binaries import find_postgres
from portal.launch.environment import Surroundings
from portal.launch.explain import explain
from portal.launch.failure import LaunchError
from portal.launch.lock import holder
from portal.launch.postgres import EmbeddedPostgres

FRESH_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def back_up(here: Surroundings) -> Path:
    """Writes one file and returns its path. It gets its name when it is complete, and only this user can read it."""
    folder = folders.private_folder(here.var_dir / "backups")
    target = folder / f"heedful-{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
    draft = target.with_suffix(".part")
    with database(here) as (programs, url), complete_or_gone(draft):
        call([programs / "pg_dump", "--format=custom", "--file", draft, "--dbname"], url)
        draft.chmod(0o600)
        draft.replace(target)
    print(f"Wrote {target} ({target.stat().st_size // 1024} kB). It needs the DB_ENCRYPTION_KEY of today to be read.")
    return target


def bring_back(here: Surroundings, file: Path) -> None:
    """Replaces everything in the database by the backup, in one transaction, while the portal is stopped."""
    if not file.is_file():
        raise LaunchError(f"There is no file {file}; name one from {here.var_dir / 'backups'}.")
    if holder(here.var_dir / "run" / "launch.lock"):
        raise LaunchError("Heedful is running; stop it with `make stop`, then restore.")
    script = file.with_suffix(".sql.part")
    with database(here) as (programs, url), complete_or_gone(script):
        script.touch(0o600)
        call([programs / "pg_restore", "--no-owner", "--file", script, file], "")
        flags = ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-c", FRESH_SCHEMA]
        call([programs / "psql", *flags, "-f", script, "-d"], url)
    print(f"Restored {file}.")
    print("Erasures since that backup are undone: run `flask --app wsgi privacy replay` before anything is sent.")


@contextmanager
def database(here: Surroundings) -> Iterator[tuple[Path, str]]:
    """PostgreSQL's programs and the owner's URL: of the configured database, or of the embedded one."""
    if here.is_given("DATABASE_URL"):
        yield find_postgres()[0], here.setting("DATABASE_OWNER_URL") or here.setting("DATABASE_URL")
        return
    server = EmbeddedPostgres(here.var_dir)
    ran_before = server.is_running()
    urls = server.start()
    try:
        yield server.bin, urls.owner_url
    finally:
        if not ran_before:
            server.stop()


@contextmanager
def complete_or_gone(draft: Path) -> Iterator[None]:
    """Takes a half-written file away, whatever happens."""
    try:
        yield
    finally:
        draft.unlink(missing_ok=True)


def call(command: list[Path | str], url: str) -> None:
    """Runs a program on a database; the password goes by the environment, since every user can read command lines."""
    address, secret = without_password(url)
    words = [str(word) for word in command] + ([address] if address else [])
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **secret})
    if done.returncode:
        raise LaunchError(f"{Path(words[0]).name} failed: {explain(done.stderr)}")


def without_password(url: str) -> tuple[str, Mapping[str, str]]:
    """A URL as PostgreSQL's programs read it, and the password apart from it."""
    parts = urlsplit(url.replace("postgresql+psycopg://", "postgresql://", 1))
    if parts.password is None:
        return urlunsplit(parts), {}
    credentials, _, place = parts.netloc.rpartition("@")
    netloc = f"{credentials.partition(':')[0]}@{place}"
    return urlunsplit(parts._replace(netloc=netloc)), {"PGPASSWORD": unquote(parts.password)}
