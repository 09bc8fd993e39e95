"""Where log lines end: standard output, or files that several processes share and rotate."""

import fcntl
import logging
import os
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO


class StandardStream(logging.StreamHandler[TextIO]):
    """Standard output, or standard error for commands, whose output may be read by programs."""

    def __init__(self, errors: bool = False) -> None:
        logging.Handler.__init__(self)
        self.errors = errors

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """The stream as it is now, since a supervisor or a test may have replaced it."""
        return sys.stderr if self.errors else sys.stdout

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Stays silent: there is no further place to tell it, and the record may hold what must not be shown."""


class SharedFile(RotatingFileHandler):
    """A log file of mode 600 that many processes append to. One of them rotates it, the others follow."""

    def __init__(self, path: Path, max_bytes: int, backups: int) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.failed = self.told = False
        super().__init__(path, maxBytes=max_bytes, backupCount=backups, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        self.failed = False
        try:
            self._follow()
        except OSError:
            self.handleError(record)
        else:
            super().emit(record)
        self.told = self.told and self.failed

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: ARG002, N802
        """Whether the file has reached its size; the line is not formatted for the question."""
        return self._size() >= self.maxBytes

    def doRollover(self) -> None:  # noqa: N802
        """Rotates unless another process was quicker."""
        with Path(f"{self.baseFilename}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._follow()
            if self._size() >= self.maxBytes:
                super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Says once that the file cannot be written, and sends the line to standard output instead."""
        self.failed = True
        if not self.told:
            self.told = True
            reason = getattr(sys.exception(), "strerror", None)
            sys.stderr.write(f"{unwritable(Path(self.baseFilename), reason)}\n")
        spare = StandardStream()
        spare.setFormatter(self.formatter)
        spare.emit(record)

    def _size(self) -> int:
        return os.stat(self.baseFilename).st_size  # noqa: PTH116

    def _follow(self) -> None:
        """Opens the file again where another process has rotated it, or somebody took it away."""
        stream = self.stream
        if stream is not None and _same_file(stream, self.baseFilename):
            return
        if stream is not None:
            self.stream = None
            stream.close()
        self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")


def unwritable(path: Path, reason: str | None) -> str:
    """The sentence for a log file that takes no lines."""
    told = f"The log file {path} cannot be written ({reason or 'unknown reason'}); its lines go to standard output."
    return f"{told} Free some room or make it writable for this user."


def _same_file(stream: TextIO, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))  # noqa: PTH116
    except FileNotFoundError:
        return False
