"""What a check or an import counted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(slots=True)
class Counts:
    """How many rows were what. A row is counted once among the first six; `flagged` and the rest come on top."""

    new: int = 0
    change: int = 0
    unchanged: int = 0
    duplicate: int = 0
    suppressed: int = 0
    invalid: int = 0
    opted_out: int = 0
    flagged: int = 0
    consents: int = 0

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Counts":
        """The counts as they were kept."""
        return cls(**facts)

    def to_json(self) -> dict[str, int]:
        """The counts as they are kept."""
        return asdict(self)

    def add(self, other: "Counts") -> None:
        """Adds the counts of another chunk."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def good(self) -> int:
        """Clients that are added or changed."""
        return self.new + self.change

    @property
    def kept_out(self) -> int:
        """Rows that stay out."""
        return self.duplicate + self.suppressed + self.invalid

    @property
    def rows(self) -> int:
        """All rows that were looked at."""
        return self.good + self.unchanged + self.kept_out

    def words(self) -> str:
        """The counts for the audit log."""
        return ", ".join(f"{one.name} {getattr(self, one.name):,}" for one in fields(self) if getattr(self, one.name))
