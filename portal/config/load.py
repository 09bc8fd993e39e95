"""Makes the one settings object from the environment and .env, or says everything that is wrong."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portal.config.channels import PARKED, Channel, ChannelMode
from portal.config.configuration import GROUPS, Config
from portal.config.explain import explain
from portal.config.group import ChannelGroup, Group
from portal.config.problems import ConfigError, Problem, Severity
from portal.config.secret import Secret
from portal.config.tls import postgres_url, redis_url
from portal.config.values import ROOT
from portal.config.variables import Reading, embedded_servers, read_variables

ENV_FILE = ROOT / ".env"
NO_KEY = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS")
SERVER_URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What loading came to: the settings where every group could be made, and every problem found."""

    reading: Reading
    config: Config | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the portal from starting."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]


def load_config(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Config:
    """The checked settings. Raises ConfigError, which lists every problem and how to mend it, never a value."""
    outcome = examine(environ, env_file)
    if outcome.config is None or outcome.errors:
        raise ConfigError(outcome.errors)
    return outcome.config


def examine(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Outcome:
    """Reads and checks everything without raising, for load_config and for the check command."""
    reading = read_variables(
        os.environ if environ is None else environ, env_file, known_variables(), secret_variables()
    )
    groups, problems = _make_groups(reading.values)
    if len(groups) < len(GROUPS):
        return Outcome(reading, None, (*reading.problems, *problems))
    config = _with_tls(Config(**groups))
    return Outcome(reading, config, (*reading.problems, *_check(config)))


def known_variables() -> tuple[str, ...]:
    """Every environment variable that is read."""
    return tuple(name for group in GROUPS for name in group.variables())


def secret_variables() -> tuple[str, ...]:
    """The variables whose value may also stand in a file named by NAME_FILE."""
    return tuple(name for group in GROUPS for name in group.secret_variables())


def _make_groups(values: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    made: dict[str, Any] = {}
    problems: list[Problem] = []
    for kind in GROUPS:
        given = values if made.get("general") is None else with_servers(values, made["general"].var_dir)
        failure: list[Problem] = []
        try:
            made[kind.name] = kind(variables=given)
        except ValidationError as error:
            failure = explain(kind, error)
        problems += failure
    return made, problems


def with_servers(values: Mapping[str, str], var_dir: Path) -> dict[str, str]:
    """Adds the URLs of embedded servers where none are set. Its owner role belongs to its own database only."""
    facts = embedded_servers(var_dir)
    database = {} if "DATABASE_URL" in values else {name: facts[name] for name in SERVER_URLS[:2] if name in facts}
    redis = {"REDIS_URL": facts["REDIS_URL"]} if "REDIS_URL" in facts else {}
    return {**redis, **database, **values}


def _with_tls(config: Config) -> Config:
    facts: dict[str, Any] = {"verify": config.security.tls_verify, "bundle": config.security.ca_bundle}
    try:
        database = {"url": config.database.url, "owner_url": config.database.owner_url}
        urls = {name: postgres_url(url, **facts) for name, url in database.items()}
        redis = redis_url(config.redis.url, **facts)
    except ValueError:  # a URL that cannot be read is told by its group
        return config
    return config.model_copy(
        update={
            "database": config.database.model_copy(update=urls),
            "redis": config.redis.model_copy(update={"url": redis}),
        }
    )


def _check(config: Config) -> Iterator[Problem]:
    for group in config.groups():
        for problem in group.problems():
            yield (problem.softened() if _is_parked(config, group) else problem).within(group.name)
    yield from _live_without_credentials(config)
    yield from _shared_keys(config)


def _is_parked(config: Config, group: Group) -> bool:
    return any(
        config.channel_group(channel) is group and config.channels.chosen(channel) in PARKED for channel in Channel
    )


def _live_without_credentials(config: Config) -> Iterator[Problem]:
    for channel in Channel:
        group: ChannelGroup = config.channel_group(channel)
        if config.channels.chosen(channel) is ChannelMode.LIVE and not group.is_started:
            wrong = f"is live, but none of the variables of {group.title} are set"
            yield Problem(f"{channel.upper()}_MODE", wrong, "Set them, or set the mode to auto.", group="channels")


def _shared_keys(config: Config) -> Iterator[Problem]:
    master = config.security.db_encryption_key
    for name, secret in config.secrets():
        if name not in NO_KEY and not name.startswith("DB_ENCRYPTION_KEY") and secret == master:
            mend = "Make an own key with `flask --app wsgi keys generate`."
            yield Problem("DB_ENCRYPTION_KEY", f"is the same as {name}", mend, group="security")


__all__ = ["ENV_FILE", "Config", "ConfigError", "Outcome", "Secret", "examine", "load_config"]
