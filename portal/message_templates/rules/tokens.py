"""Hides Liquid behind opaque words while Markdown and the HTML cleaner work, so that neither can change it."""

import re
import secrets
from dataclasses import dataclass, field

LIQUID = re.compile(r"\{\{-?(?P<value>.*?)-?\}\}|\{%-?\s*(?P<tag>\w+).*?-?%\}", re.DOTALL)
COMMENT = re.compile(r"\{%-?\s*comment\b.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
NAME = re.compile(r"[a-z_][a-z0-9_]*")
OPENING = frozenset({"if", "unless", "case"})
CLOSING = frozenset({"endif", "endunless", "endcase"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of Liquid: its text, its tag or nothing for a value, the name of a bare field, and its line."""

    text: str
    tag: str
    name: str
    line: int


@dataclass(slots=True)
class Hidden:
    """A text whose Liquid is hidden, and how to bring it back. The words are random, so no text can hold them."""

    salt: str = field(default_factory=lambda: f"hx{secrets.token_hex(6)}z")
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""

    def hide(self, source: str) -> None:
        """Takes the Liquid out of a text; comments are dropped, their line ends kept."""
        source = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
        parts, end = [], 0
        for found in LIQUID.finditer(source):
            parts += [source[end : found.start()], self._word(found, source.count("\n", 0, found.start()) + 1)]
            end = found.end()
        self.text = "".join([*parts, source[end:]])

    def _word(self, found: re.Match[str], line: int) -> str:
        name = (found["value"] or "").strip()
        self.pieces.append(Piece(found[0], found["tag"] or "", name if NAME.fullmatch(name) else "", line))
        return f"{self.salt}{len(self.pieces) - 1}z"

    @property
    def word(self) -> re.Pattern[str]:
        """Finds the words; group 1 is the number of the piece."""
        return re.compile(rf"{self.salt}(\d+)z")

    def piece(self, found: re.Match[str]) -> Piece:
        """The piece behind a word."""
        return self.pieces[int(found[1])]

    def show(self, text: str) -> str:
        """Brings the Liquid back."""
        return self.word.sub(lambda found: self.piece(found).text, text)
