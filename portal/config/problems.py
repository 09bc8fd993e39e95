"""What can be wrong with a setting, told so that the reader can mend it; never with its value."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the portal from starting; a warning is told by the check and on the health page."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one variable: "SMTP_USERNAME" "is required" "Set it to …"."""

    variable: str
    wrong: str
    mend: str
    severity: Severity = Severity.ERROR
    group: str = ""

    def __str__(self) -> str:
        return f"{self.variable} {self.wrong}. {self.mend}"

    def within(self, group: str) -> "Problem":
        """The same problem, told under the name of its group."""
        return replace(self, group=group)

    def softened(self) -> "Problem":
        """The same problem as a warning, for a channel that is parked anyway."""
        return replace(self, severity=Severity.WARNING)


def warning(variable: str, wrong: str, mend: str) -> Problem:
    """A problem that does not keep the portal from starting."""
    return Problem(variable, wrong, mend, Severity.WARNING)


class ConfigError(Exception):
    """The configuration cannot be used; the text lists every problem, what is wrong and how to mend it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The configuration cannot be used:\n{listed}")
