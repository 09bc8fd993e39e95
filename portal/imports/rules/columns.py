"""The columns of a file as they are shown beside what they become."""

import json
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass

from portal.imports.rules.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it becomes, its first value masked, and the share of rows that fill it."""

    name: str
    becomes: str
    first: str
    filled: float


def shown_columns(columns: str, mapping: Mapping, words: Pairs[str, str], rows: int) -> Sequence[Column]:
    """The columns of a file; none once the file is deleted."""
    kept = json.loads(columns or "[]")
    targets = [*mapping.targets, *[""] * (len(kept) - len(mapping.targets))]
    return [
        Column(
            one["name"], words.get(target, "A topic that is closed"), one["first"], 100 * one["filled"] / max(rows, 1)
        )
        for one, target in zip(kept, targets, strict=False)
    ]
