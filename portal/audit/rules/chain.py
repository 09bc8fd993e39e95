"""Whether entries follow one another unbroken, and what is wrong with the first one that does not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.audit.events import ProblemKind
from portal.audit.rules.canonical import GENESIS, canonical

IsSealed = Callable[[int, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Position:
    """The last entry that was found in order."""

    seq: int = 0
    mac: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was said outside the database about the chain's head at a moment."""

    seq: int
    mac: bytes
    at: str


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is wrong, in words, and the entry it was found at."""

    kind: ProblemKind
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """All anchors of one file by entry, and the first one that is not ours."""

    by_seq: Mapping[int, Anchor]
    problem: Problem | None = None

    @property
    def newest(self) -> Anchor | None:
        """The anchor of the highest entry."""
        return self.by_seq[max(self.by_seq)] if self.by_seq else None


def follow(
    rows: Iterable[Mapping[str, Any]], start: Position, anchors: Mapping[int, Anchor], is_sealed: IsSealed
) -> tuple[Position, Problem | None]:
    """Goes from entry to entry as far as they are in order; gives the last good one and the first problem."""
    position = start
    for row in rows:
        problem = _place(row, position) or _seal(row, position, is_sealed) or _anchor(row, anchors)
        if problem:
            return position, problem
        position = Position(row["seq"], bytes(row["mac"]))
    return position, None


def missing_tail(end: Position, anchors: Anchors, known_anchor: int) -> Problem | None:
    """What the anchors say about the end of the chain; known_anchor is the newest one an earlier check has read."""
    newest = anchors.newest
    if newest and newest.seq > end.seq:
        return Problem(
            ProblemKind.TAIL_CUT,
            end.seq + 1,
            f"{_span(end.seq + 1, newest.seq)} missing at the end: the anchor of {newest.at} says there were "
            f"{newest.seq:,}.",
        )
    if known_anchor > (newest.seq if newest else 0):
        return Problem(
            ProblemKind.ANCHORS_GONE,
            known_anchor,
            f"The anchor of entry {known_anchor:,}, read by an earlier check, is no longer in the anchors file.",
        )
    return None


def _place(row: Mapping[str, Any], position: Position) -> Problem | None:
    expected, seq = position.seq + 1, row["seq"]
    if seq > expected:
        return Problem(
            ProblemKind.MISSING, expected, f"{_span(expected, seq - 1)} missing; the next one there is {seq:,}."
        )
    if seq < expected:
        return Problem(ProblemKind.INSERTED, seq, f"Entry {seq:,} was put in by hand: numbers start at 1.")
    return None


def _seal(row: Mapping[str, Any], position: Position, is_sealed: IsSealed) -> Problem | None:
    seq = row["seq"]
    if not is_sealed(row["key_id"], canonical(row), bytes(row["mac"])):
        text = f"Entry {seq:,} was changed, moved or put in by hand: its seal does not fit what it says."
        return Problem(ProblemKind.ALTERED, seq, text)
    if bytes(row["prev"]) != position.mac:
        text = f"Entry {seq:,} does not follow entry {position.seq:,}: one of the two belongs to another history."
        return Problem(ProblemKind.UNLINKED, seq, text)
    return None


def _anchor(row: Mapping[str, Any], anchors: Mapping[int, Anchor]) -> Problem | None:
    anchor = anchors.get(row["seq"])
    if anchor is None or anchor.mac == bytes(row["mac"]):
        return None
    text = f"Entry {anchor.seq:,} is not the one that was anchored at {anchor.at}: the end was cut and written anew."
    return Problem(ProblemKind.REPLACED, anchor.seq, text)


def _span(first: int, last: int) -> str:
    return f"Entry {first:,} is" if first == last else f"Entries {first:,} to {last:,} are"
