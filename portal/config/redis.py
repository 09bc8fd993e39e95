"""Where Redis is. It carries wake-ups only: without it sending goes on by polling."""

from typing import ClassVar
from urllib.parse import urlsplit

from portal.config.group import Group, variable
from portal.config.problems import Problem, warning
from portal.config.secret import Secret

SCHEMES = ("redis", "rediss", "unix")


class RedisGroup(Group):
    """One URL and the size of its pool."""

    name: ClassVar[str] = "redis"
    title: ClassVar[str] = "Redis"

    url: Secret = variable("REDIS_URL", Secret(""), "URL of Redis; empty: work by polling.")
    max_connections: int = variable("REDIS_MAX_CONNECTIONS", 20, "Connections per process.", ge=1, le=1000)
    timeout: float = variable("REDIS_TIMEOUT", 2.0, "Seconds to wait for an answer.", gt=0, le=60)

    @property
    def is_configured(self) -> bool:
        """Whether there is a Redis to speak to."""
        return bool(self.url)

    def problems(self) -> list[Problem]:
        if not self.url:
            wrong = "is not set: messages are sent by polling, a little later"
            return [warning("REDIS_URL", wrong, "Set it to rediss://host:6379/0 or unix:///path/redis.sock.")]
        try:
            parts = urlsplit(self.url.reveal())
            _ = parts.port
        except ValueError:
            return [Problem("REDIS_URL", "cannot be read as a URL", "Write rediss://:password@host:6379/0.")]
        if parts.scheme not in SCHEMES:
            mend = "Write rediss://host:6379/0 (with TLS), redis://127.0.0.1:6379/0 or unix:///path/redis.sock."
            return [Problem("REDIS_URL", "is not a Redis URL", mend)]
        return []

    def summary(self) -> str:
        return f"pool of {self.max_connections}" if self.url else "none, sending by polling"
