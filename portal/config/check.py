"""The report of `flask config check`: a line per group, what is wrong, why, and how to mend it. Shows no value."""

import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from portal.config.channels import Channel, ChannelMode
from portal.config.configuration import GROUPS, Config
from portal.config.group import ChannelGroup, Group
from portal.config.load import ENV_FILE, Outcome, examine
from portal.config.problems import Problem, Severity, warning

FILES = "files"


class State(StrEnum):
    """How a group stands; off is a channel that nobody set up."""

    OK = "ok"
    OFF = "off"
    WARNING = "warning"
    ERROR = "error"


FINE, FOUND, COULD_NOT_RUN = range(3)


@dataclass(frozen=True, slots=True)
class Line:
    """One group, or one live probe, with what was found."""

    name: str
    title: str
    state: State
    summary: str
    problems: tuple[Problem, ...] = ()


Probe = Callable[[Config], Line]


@dataclass(frozen=True, slots=True)
class Report:
    """All lines, and whether the settings could be read at all."""

    lines: tuple[Line, ...]
    config: Config | None
    readable: bool = True

    @property
    def exit_code(self) -> int:
        """0 fine (warnings included), 1 an error was found, 2 the check could not run."""
        if not self.readable:
            return COULD_NOT_RUN
        return FOUND if any(line.state is State.ERROR for line in self.lines) else FINE

    def probed(self, probes: tuple[Probe, ...]) -> "Report":
        """The report with the answers of live probes; they need settings that can be used."""
        config = self.config
        if config is None:
            text = "not asked, since the settings above cannot be used yet"
            return replace(self, lines=(*self.lines, Line("live", "Live probes", State.OFF, text)))
        return replace(self, lines=(*self.lines, *(probe(config) for probe in probes)))

    def as_data(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "exit_code": self.exit_code,
            "production_gaps": self.gaps(),
            "groups": [asdict(line) for line in self.lines],
        }

    def as_text(self) -> str:
        """The report for people."""
        told = [text for line in self.lines for text in _told(line)]
        found = [problem for line in self.lines for problem in line.problems]
        errors = sum(1 for problem in found if problem.severity is Severity.ERROR)
        verdict = "The configuration can be used" if self.exit_code == FINE else "The configuration cannot be used"
        counted = f"{verdict}. Errors: {errors}, warnings: {len(found) - errors}."
        return "\n".join((*told, "", counted, self._readiness()))

    def gaps(self) -> list[str]:
        """What keeps this configuration from being one for real clients."""
        if self.config is None or self.exit_code != FINE:
            return ["the errors above"]
        general = self.config.general
        gaps = {
            "the demo company (HEEDFUL_DEMO)": general.demo,
            "PUBLIC_BASE_URL, which does not begin with https://": not general.is_https,
            "the warnings above": any(line.problems for line in self.lines),
            "no channel that is live": ChannelMode.LIVE not in map(self.config.mode_of, Channel),
        }
        return [text for text, applies in gaps.items() if applies]

    def _readiness(self) -> str:
        gaps = self.gaps()
        return f"Not ready for production because of: {'; '.join(gaps)}." if gaps else "Ready for production."


def report(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Report:
    """Checks everything that can be checked without asking a server."""
    outcome = examine(environ, env_file)
    lines = [_files(outcome), *(_line(kind, outcome) for kind in GROUPS)]
    return Report(tuple(lines), outcome.config, outcome.reading.readable)


def _files(outcome: Outcome) -> Line:
    file = outcome.reading.env_file
    problems = [problem for problem in outcome.problems if not problem.group]
    if file is not None and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        wrong = "can be read by other users of this machine"
        problems.append(warning(str(file), wrong, f"Run: chmod 600 {file}"))
    read = f"read {file} and the environment" if file else "no .env file; read the environment"
    return Line(FILES, "Where settings come from", _state(problems), read, tuple(problems))


def _line(kind: type[Group], outcome: Outcome) -> Line:
    problems = tuple(problem for problem in outcome.problems if problem.group == kind.name)
    group = outcome.groups.get(kind.name)
    if group is None:
        return Line(kind.name, kind.title, State.ERROR, "cannot be read", problems)
    if isinstance(group, ChannelGroup):
        return _channel_line(group, problems, outcome)
    return Line(kind.name, kind.title, _state(problems), group.summary(), problems)


def _channel_line(group: ChannelGroup, problems: tuple[Problem, ...], outcome: Outcome) -> Line:
    mode = _mode(group, outcome.config)
    if not group.is_started:
        return Line(group.name, group.title, State.OFF, f"not configured; {mode}", problems)
    return Line(group.name, group.title, _state(problems), f"{mode}; {group.summary()}", problems)


def _mode(group: ChannelGroup, config: Config | None) -> str:
    if config is None:
        return "mode undecided"
    mode = config.mode_of(next(channel for channel, other in config.channel_groups().items() if other is group))
    return {
        ChannelMode.LIVE: "live: messages are really sent",
        ChannelMode.SIMULATION: "simulation: nothing leaves; messages are kept to look at",
    }.get(mode, "disabled: nothing is sent")


def _state(problems: Iterable[Problem]) -> State:
    severities = {problem.severity for problem in problems}
    if Severity.ERROR in severities:
        return State.ERROR
    return State.WARNING if severities else State.OK


def _told(line: Line) -> list[str]:
    problems = [f"{'':10}{problem.severity}: {problem}" for problem in line.problems]
    return [f"{line.state:<9} {line.title}: {line.summary}", *problems]
