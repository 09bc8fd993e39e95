"""One launcher per var folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.launch.failure import LaunchError


@contextmanager
def only_launcher(file: Path) -> Iterator[None]:
    """Holds the lock while the launcher lives; it goes with the process, so a crash leaves none behind."""
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LaunchError(
                f"Heedful already runs here (process {held.read().strip()}); press Ctrl-C there or run `make stop`."
            ) from None
        held.truncate()
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield
        held.truncate(0)


def holder(file: Path) -> int:
    """The process id of the launcher that runs; 0 when none does."""
    try:
        with file.open("r+") as asked:
            try:
                fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(asked.read() or 0)
    except FileNotFoundError:
        pass
    return 0
