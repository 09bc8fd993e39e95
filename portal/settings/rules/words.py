"""Kinds of settings that hold words: texts, choices, several choices, yes or no. Pure; no database, no Flask."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.settings.rules.refused import Refused


@dataclass(frozen=True, slots=True)
class Text:
    """A text of limited length; with lines it may be several, with required it may not be empty."""

    longest: int
    lines: bool = False
    required: bool = False
    unit: str = ""

    def parse(self, text: str) -> str:
        """The text without space around it, or Refused."""
        clean = "\n".join(line.strip() for line in text.strip().splitlines())
        if self.required and not clean:
            raise Refused("Enter a text; this one may not be empty.")
        if len(clean) > self.longest or (not self.lines and "\n" in clean):
            raise Refused(f"Enter at most {self.longest} characters{'' if self.lines else ' on one line'}.")
        if any(ord(sign) < 32 and sign != "\n" for sign in clean):
            raise Refused("Enter a text without control characters.")
        return clean

    def show(self, value: str) -> str:
        """The text itself."""
        return value

    def words(self, value: str) -> str:
        """The text itself; an empty one says so."""
        return value or "empty"


@dataclass(frozen=True, slots=True)
class Boolean:
    """Yes or no."""

    on: str = "on"
    off: str = "off"
    unit: str = ""

    def parse(self, text: str) -> bool:
        """True for on, false for off, else Refused."""
        answers = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False, "": False}
        try:
            return answers[text.strip().lower()]
        except KeyError:
            raise Refused("Choose on or off.") from None

    def show(self, value: bool) -> str:
        """What is stored: on or off."""
        return "on" if value else "off"

    def words(self, value: bool) -> str:
        """The value as people read it."""
        return self.on if value else self.off


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, each with its label."""

    options: tuple[tuple[str, str], ...]
    unit: str = ""

    def parse(self, text: str) -> str:
        """The word, or Refused."""
        if text.strip() not in dict(self.options):
            raise Refused(f"Select one of: {', '.join(label for _, label in self.options)}.")
        return text.strip()

    def show(self, value: str) -> str:
        """The word itself."""
        return value

    def words(self, value: str) -> str:
        """The label of the word."""
        return dict(self.options)[value]


@dataclass(frozen=True, slots=True)
class Several:
    """Some of a few words, none of them twice, kept in the order of the options."""

    options: tuple[tuple[str, str], ...]
    unit: str = ""

    def parse(self, text: str) -> tuple[str, ...]:
        """The words between the commas, or Refused."""
        chosen = {part.strip() for part in text.split(",") if part.strip()}
        if chosen - set(dict(self.options)):
            raise Refused(f"Select from: {', '.join(label for _, label in self.options)}.")
        return tuple(word for word, _ in self.options if word in chosen)

    def show(self, value: tuple[str, ...]) -> str:
        """What is stored: the words with commas between them."""
        return ",".join(value)

    def words(self, value: tuple[str, ...]) -> str:
        """The labels with commas between them."""
        return ", ".join(label for word, label in self.options if word in value) or "none"


def as_words(words: Iterable[str]) -> tuple[str, ...]:
    """Words of the configuration as plain text."""
    return tuple(str(word) for word in words)
