"""What the health page says about one part: state word, figures, what to do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Everything that is watched, in the order of the page."""

    DATABASE = "database"
    REDIS = "redis"
    WORKERS = "workers"
    TICKER = "ticker"
    DISK = "disk"
    BACKUP = "backup"
    AUDIT = "audit"
    SCHEMA = "schema"
    KEYS = "keys"
    TLS = "tls"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Kind(StrEnum):
    """How urgent a state is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    NONE = "none"


ICONS = {Kind.OK: "check", Kind.WARN: "clock", Kind.BAD: "x", Kind.NONE: "minus"}
NOTHING = "Nothing"


@dataclass(frozen=True, slots=True)
class Report:
    """One part as it was found. The remedy is a whole sentence wherever something is wrong."""

    part: Part
    name: str
    kind: Kind
    state: str
    figures: str
    remedy: str = NOTHING
    sub: str = ""
    endpoint: str = ""

    @property
    def icon(self) -> str:
        """The icon that stands beside the state word."""
        return ICONS[self.kind]

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should do something."""
        return self.kind in (Kind.WARN, Kind.BAD)


def status_line(reports: Iterable[Report]) -> str:
    """How many parts need a look, as the head of the page says it."""
    seen = list(reports)
    count = sum(report.needs_a_look for report in seen)
    if not count:
        return f"All {len(seen)} parts work."
    return f"{count} of {len(seen)} parts need{'s' if count == 1 else ''} a look."
