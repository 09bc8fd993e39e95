"""The live lines of `flask config check`: every server and provider that is configured, asked now."""

from functools import partial

from portal.config.channels import Channel
from portal.config.check import Line, Probe, State
from portal.config.configuration import Config
from portal.config.problems import Problem
from portal.health.queries.live import probe_channel, probe_database, probe_redis
from portal.health.rules.report import Report


def database_line(config: Config) -> Line:
    """The application's way to the database, and whether it is encrypted."""
    return _line("database", "DATABASE_URL", probe_database("PostgreSQL answers", config, config.database.url))


def owner_line(config: Config) -> Line:
    """The owner's way to the database, which migrations need."""
    title = "PostgreSQL answers the owner"
    if not config.database.has_own_owner:
        return Line("live database owner", title, State.OFF, "no own role for the owner")
    return _line("database owner", "DATABASE_OWNER_URL", probe_database(title, config, config.database.owner_url))


def redis_line(config: Config) -> Line:
    """The way to Redis. Without an answer sending goes on by polling, so that is a problem all the same."""
    if not config.redis.url:
        return Line("live redis", "Redis answers", State.OFF, "not configured")
    return _line("redis", "REDIS_URL", probe_redis(config))


def channel_line(channel: Channel, config: Config) -> Line:
    """What the provider of a channel says to our credentials; nothing is sent."""
    found = probe_channel(config, channel)
    if found is None:
        return Line(f"live {channel}", f"The provider of {channel} answers", State.OFF, "not configured")
    return _line(str(channel), found.name, found)


def _line(name: str, variable: str, report: Report) -> Line:
    if not report.needs_a_look:
        return Line(f"live {name}", report.name, State.OK, report.figures)
    problem = Problem(variable, report.figures, report.remedy, group=name)
    return Line(f"live {name}", report.name, State.ERROR, report.figures, (problem,))


PROBES: tuple[Probe, ...] = (
    database_line,
    owner_line,
    redis_line,
    *(partial(channel_line, channel) for channel in Channel),
)
