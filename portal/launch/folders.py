"""The folders under var/: made private, checked for room, with socket paths that are short enough."""

import os
import shutil
import tempfile
from pathlib import Path

from portal.launch.failure import LaunchError

SOCKET_PATH_LIMIT = 107  # bytes; 103 on macOS, and the longest name in the folder is .s.PGSQL.5432
LONGEST_NAME = len("/postgres/.s.PGSQL.5432.lock") + 4
FIRST_START_BYTES = 160 * 1024 * 1024
LATER_START_BYTES = 24 * 1024 * 1024


def private_folder(folder: Path) -> Path:
    """Makes the folder for this user alone; it may exist."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file without a fixed name: servers start side by side and ask for the same folder.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as problem:
        raise unwritable(folder, problem) from None
    return folder


def unwritable(folder: Path, problem: OSError) -> LaunchError:
    """The sentence for a folder that takes no files."""
    reason = problem.strerror or str(problem)
    return LaunchError(
        f"The folder {folder} cannot be written ({reason}); "
        "free some room or make it writable for this user, then start again."
    )


def require_room(var_dir: Path, needed: int) -> None:
    """Refuses to begin what would stop half way for want of disk space."""
    free = shutil.disk_usage(var_dir).free
    if free < needed:
        raise LaunchError(
            f"The disk that holds {var_dir} has only {free // 1024**2} MB left and {needed // 1024**2} MB are needed; "
            "free some room, then start again."
        )


def socket_folder(var_dir: Path) -> Path:
    """A private folder whose socket paths fit into 107 bytes: var/run, or a short one whose name var/run.path keeps."""
    run = private_folder(var_dir / "run")
    if len(os.fsencode(run)) + LONGEST_NAME <= SOCKET_PATH_LIMIT and "," not in str(run):
        return run
    note = var_dir / "run.path"
    if note.exists() and is_ours(Path(note.read_text().strip())):
        return Path(note.read_text().strip())
    short = Path(tempfile.mkdtemp(prefix="heedful-", dir="/tmp"))
    note.write_text(f"{short}\n")
    return short


def is_ours(folder: Path) -> bool:
    """Whether nobody else could have put this folder there or can enter it."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and facts.st_uid == os.geteuid() and facts.st_mode & 0o077 == 0
