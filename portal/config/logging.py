"""What is logged, in which form, and to where; the pipeline itself is log_output."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from portal.config.group import Group, variable
from portal.config.values import OptionalPath, split_words


class LogFormat(StrEnum):
    """json for machines, console for reading along, verbose for finding a fault."""

    JSON = "json"
    CONSOLE = "console"
    VERBOSE = "verbose"


class Level(StrEnum):
    """From the most to the least talkative."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _pairs(value: Any) -> Any:
    """Reads web=DEBUG,crypto=WARNING."""
    if not isinstance(value, str):
        return value
    pairs = [word.partition("=") for word in split_words(value)]
    if not all(area and level for area, _, level in pairs):
        raise ValueError("is not a list of area=LEVEL, such as web=DEBUG,crypto=WARNING")
    return {area: level.upper() for area, _, level in pairs}


class LoggingGroup(Group):
    """Levels per area; each stream has a file with rotation, or standard output."""

    name: ClassVar[str] = "logging"
    title: ClassVar[str] = "Logging"

    level: Annotated[Level, BeforeValidator(_upper)] = variable("LOG_LEVEL", Level.INFO, "Level of everything.")
    levels: Annotated[dict[str, Level], BeforeValidator(_pairs)] = variable("LOG_LEVELS", {}, "Level per area.")
    format: LogFormat = variable("LOG_FORMAT", LogFormat.JSON, "Form of a line.")
    file: OptionalPath = variable("LOG_FILE", None, "File of the application's stream.")
    auth_file: OptionalPath = variable("AUTH_LOG_FILE", None, "File of sign-ins and refusals.")
    webhook_file: OptionalPath = variable("WEBHOOK_LOG_FILE", None, "File of what providers report.")
    max_bytes: int = variable("LOG_MAX_BYTES", 10_000_000, "Size at which a file is rotated.", ge=10_000)
    backups: int = variable("LOG_BACKUPS", 5, "Rotated files that are kept.", ge=1, le=100)

    def files(self) -> dict[str, Path | None]:
        """The file of each stream, or None for standard output."""
        return {"app": self.file, "auth": self.auth_file, "webhooks": self.webhook_file}

    def summary(self) -> str:
        named = [stream for stream, file in self.files().items() if file]
        target = f"files for {', '.join(named)}" if named else "standard output"
        return f"{self.level} as {self.format} to {target}"
