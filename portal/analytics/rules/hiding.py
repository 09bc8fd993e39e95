"""
Small numbers are hidden, so that no person can be singled out.

Where one figure alone is hidden and the sum is known, the next smallest goes too, or a subtraction would show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
FEWER = f"fewer than {LEAST}"
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it may be shown; without a number it is hidden, and the text says so."""

    name: str
    number: int | None
    text: str


def cells(counted: Sequence[tuple[str, int]]) -> list[Cell]:
    """The parts of one sum, in their order, with those hidden that could single somebody out."""
    small = {index for index, (_, number) in enumerate(counted) if 0 < number < LEAST}
    large = [index for index, (_, number) in enumerate(counted) if number >= LEAST]
    also = {min(large, key=lambda index: counted[index][1])} if len(small) == 1 and large else set()
    return [_cell(name, number, index in small, index in also) for index, (name, number) in enumerate(counted)]


def _cell(name: str, number: int, is_small: bool, is_beside: bool) -> Cell:
    if is_small or is_beside:
        return Cell(name, None, FEWER if is_small else HIDDEN)
    return Cell(name, number, f"{number:,}")
