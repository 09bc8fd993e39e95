"""Where PostgreSQL is, as whom we speak to it, and how long we wait."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from portal.config.group import Group, variable
from portal.config.problems import Problem, warning
from portal.config.secret import Secret

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
EMBEDDED = "Set it to postgresql://user:password@host/heedful, or run `make run`, which starts an own server."


class DatabaseGroup(Group):
    """Two URLs, since the role that serves requests must not own the tables."""

    name: ClassVar[str] = "database"
    title: ClassVar[str] = "PostgreSQL"

    url: Secret = variable("DATABASE_URL", Secret(""), "URL of the application's role.")
    owner_url: Secret = variable("DATABASE_OWNER_URL", Secret(""), "URL of the role that owns the tables.")
    pool_size: int = variable("DATABASE_POOL_SIZE", 5, "Connections kept per process.", ge=1, le=100)
    max_overflow: int = variable("DATABASE_MAX_OVERFLOW", 10, "Further ones under load.", ge=0, le=100)
    pool_timeout: int = variable("DATABASE_POOL_TIMEOUT", 10, "Seconds to wait for one.", ge=1, le=120)
    pool_recycle: int = variable("DATABASE_POOL_RECYCLE", 1800, "Seconds until one is renewed.", ge=30)
    connect_timeout: int = variable("DATABASE_CONNECT_TIMEOUT", 5, "Seconds to wait for the server.", ge=1, le=120)
    statement_timeout_ms: int = variable("DATABASE_STATEMENT_TIMEOUT_MS", 30000, "Longest statement.", ge=100)
    lock_timeout_ms: int = variable("DATABASE_LOCK_TIMEOUT_MS", 5000, "Longest wait for a lock.", ge=100)

    @property
    def has_own_owner(self) -> bool:
        """Whether migrations run as another role than the application."""
        return bool(self.owner_url) and self.owner_url != self.url

    @property
    def is_configured(self) -> bool:
        """Whether we know where the database is."""
        return bool(self.url)

    @property
    def connect_args(self) -> dict[str, Any]:
        """What every connection of the application is opened with: nobody waits for the server without end."""
        timeouts = f"-c statement_timeout={self.statement_timeout_ms} -c lock_timeout={self.lock_timeout_ms}"
        return {"connect_timeout": self.connect_timeout, "options": timeouts}

    def problems(self) -> list[Problem]:
        if not self.url:
            return [Problem("DATABASE_URL", "is required", EMBEDDED)]
        written = {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url}
        found = [fault for name, url in written.items() if url for fault in _url_faults(name, url.reveal())]
        if not self.has_own_owner:
            wrong = "is not set, so one role owns and serves; the audit log rests on triggers alone"
            mend = "Create a second role that owns the tables and write its URL here."
            found.append(warning("DATABASE_OWNER_URL", wrong, mend))
        return found

    def summary(self) -> str:
        roles = "two roles" if self.has_own_owner else "one role"
        return f"{roles}, pool of {self.pool_size} and {self.max_overflow} more"


def _url_faults(name: str, url: str) -> list[Problem]:
    mend = "Write postgresql://user:password@host:5432/heedful; escape special characters of the password as %XX."
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return [Problem(name, "cannot be read as a URL", mend)]
    if parts.scheme not in SCHEMES:
        return [Problem(name, "is not a PostgreSQL URL; no other database is supported", mend)]
    return []
