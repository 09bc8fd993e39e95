"""What can be wrong with a wording or with one rendering of it, in sentences for the person who writes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Where in a version a problem stands."""

    SUBJECT = "subject"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend before a version can be approved; line and column count from 1."""

    part: Part
    line: int
    column: int
    text: str

    @property
    def sentence(self) -> str:
        """The problem with its place, as the editor lists it."""
        return f"{'Subject' if self.part is Part.SUBJECT else f'Line {self.line}'}: {self.text}"


class TemplateError(Exception):
    """What can go wrong with a message template; its text is a sentence for people."""


class CompileFailed(TemplateError):
    """A wording that cannot be sent as it stands, with every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.sentence for problem in self.problems))


class RenderFailed(TemplateError):
    """One message could not be made of a version. Names the field, never its value; other messages are not touched."""

    def __init__(self, text: str, field: str = "") -> None:
        self.field = field
        super().__init__(text)


def place(source: str, index: int) -> tuple[int, int]:
    """Line and column of a position in a text, both from 1."""
    before = source[:index]
    return before.count("\n") + 1, index - before.rfind("\n")
