"""Makes the one settings object from the environment and .env, or says everything that is wrong."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portal.config.between import check
from portal.config.configuration import GROUPS, Config
from portal.config.database import DatabaseGroup
from portal.config.explain import explain
from portal.config.group import Group
from portal.config.problems import ConfigError, Problem, Severity
from portal.config.redis import RedisGroup
from portal.config.security import SecurityGroup
from portal.config.tls import postgres_url, redis_url
from portal.config.values import ROOT
from portal.config.variables import Reading, embedded_servers, read_variables

ENV_FILE = ROOT / ".env"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What loading came to: the groups that could be made, and every problem found."""

    reading: Reading
    groups: dict[str, Group]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the portal from starting."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    @property
    def config(self) -> Config | None:
        """The settings, unless an error forbids using them."""
        made: dict[str, Any] = dict(self.groups)
        return None if self.errors else Config(**made)


def load_config(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Config:
    """The checked settings. Raises ConfigError, which lists every problem and how to mend it, never a value."""
    outcome = examine(environ, env_file)
    config = outcome.config
    if config is None:
        raise ConfigError(outcome.errors)
    return config


def examine(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Outcome:
    """Reads and checks everything without raising, for load_config and for the check command."""
    given = os.environ if environ is None else environ
    if env_file == ENV_FILE and given.get("HEEDFUL_ENV_FILE"):
        env_file = Path(given["HEEDFUL_ENV_FILE"])
    reading = read_variables(given, env_file, known_variables(), secret_variables())
    groups, unreadable = _make_groups(reading.values)
    return Outcome(reading, groups, (*reading.problems, *unreadable, *check(groups)))


def known_variables() -> tuple[str, ...]:
    """Every environment variable that is read."""
    return tuple(name for group in GROUPS for name in group.variables())


def secret_variables() -> tuple[str, ...]:
    """The variables whose value may also stand in a file named by NAME_FILE."""
    return tuple(name for group in GROUPS for name in group.secret_variables())


def _make_groups(values: Mapping[str, str]) -> tuple[dict[str, Group], list[Problem]]:
    groups: dict[str, Group] = {}
    problems: list[Problem] = []
    values = _with_servers(values)
    for kind in GROUPS:
        try:
            groups[kind.name] = kind(variables=values)
        except ValidationError as error:
            problems += explain(kind, error)
    security = groups.get("security")
    if isinstance(security, SecurityGroup):
        groups = {name: _with_tls(group, security) for name, group in groups.items()}
    return groups, problems


def _with_servers(values: Mapping[str, str]) -> dict[str, str]:
    """Adds what `make run` wrote down, where nothing is set. The owner role belongs to the embedded database only."""
    facts = embedded_servers(ROOT / values.get("HEEDFUL_VAR_DIR", "var"))
    wanted = ["HEEDFUL_DEMO", "PORT", "REDIS_URL"]
    if "DATABASE_URL" not in values:
        wanted += ["DATABASE_URL", "DATABASE_OWNER_URL"]
    return {**{name: facts[name] for name in wanted if name in facts}, **values}


def _with_tls(group: Group, security: SecurityGroup) -> Group:
    facts: dict[str, Any] = {"verify": security.tls_verify, "bundle": security.ca_bundle}
    try:
        if isinstance(group, DatabaseGroup):
            urls = {"url": postgres_url(group.url, **facts), "owner_url": postgres_url(group.owner_url, **facts)}
            return group.model_copy(update=urls)
        if isinstance(group, RedisGroup):
            return group.model_copy(update={"url": redis_url(group.url, **facts)})
    except ValueError:
        # A URL that cannot be read: its group says so.
        return group
    return group


__all__ = ["ENV_FILE", "Config", "ConfigError", "Outcome", "examine", "known_variables", "load_config"]
