"""Writes the keys that a first start needs into .env. Standard library only: it runs before anything is installed."""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from portal.config.keys import generate_key

HEADER = """\
# Settings of this portal; .env.template explains every one. Keep this file private and out of version control.
"""
NOTES = {
    "SECRET_KEY": "Signs cookies and links. A change signs everybody out.",
    "DB_ENCRYPTION_KEY": "Master key of the sealed data. Keep a copy in a safe place: without it the data is lost.",
}


class EnvFileError(Exception):
    """The file of settings cannot be read or written; the text says which, why and what to do."""


def ensure_env_file(path: Path, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Adds missing keys to .env (mode 600), keeps the rest, and returns sentences that say so. Safe to repeat."""
    path = path.resolve()
    try:
        with _lock(path.parent):
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            missing = [name for name in NOTES if not _is_given(name, text, environ)]
            if missing:
                _replace(path, _extended(text, missing))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text in UTF-8"
        failure = f"The file {path} cannot be read and written ({reason})."
    else:
        return _sentences(path, missing)
    raise EnvFileError(f"{failure} Make it and its folder writable for this user, then start again.")


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    # One first start at a time: two would each make keys, and one of them would seal data with a lost one.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_given(name: str, text: str, environ: Mapping[str, str]) -> bool:
    if environ.get(name, "").strip() or environ.get(f"{name}_FILE"):
        return True
    written = re.findall(rf"^[ \t]*(?:export[ \t]+)?{name}(?:_FILE)?[ \t]*=[ \t]*(.*?)[ \t]*$", text, re.MULTILINE)
    return any(value.strip("'\"") for value in written)


def _extended(text: str, missing: list[str]) -> str:
    start = text if not text or text.endswith("\n") else f"{text}\n"
    added = "".join(f"\n# {NOTES[name]}\n{name}={generate_key()}\n" for name in missing)
    return (start or HEADER) + added


def _replace(path: Path, text: str) -> None:
    # A second file that takes the name of the first: a full disk leaves the old one whole.
    descriptor, draft = tempfile.mkstemp(prefix=".env-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            if path.exists():
                os.fchown(file.fileno(), path.stat().st_uid, path.stat().st_gid)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _sentences(path: Path, missing: list[str]) -> list[str]:
    said = [f"Made a new {name} and wrote it into {path}, which only this user can read." for name in missing]
    if "DB_ENCRYPTION_KEY" in missing:
        said.append(
            "Keep a copy of DB_ENCRYPTION_KEY in a safe place: without it the sealed data cannot be read again."
        )
    return said
