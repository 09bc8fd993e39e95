"""A mapping: what each column becomes, and what holds for all rows. Remembered for files with the same columns."""

import uuid
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from typing import Any

from portal.clients.rules.attributes import MOST
from portal.imports.rules.targets import ADDRESSES, TARGET_WORDS, Target, TopicChoice, read_consent

AGAIN = frozenset({Target.NOTHING, Target.ATTRIBUTE})
"""What several columns may become."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """
    What becomes of a file.

    `targets` has one word for each column; `wordings` says by topic which words people read; `region` is the country
    of phone numbers without a country code; `confirmed` that people confirmed the consents (double opt-in).
    """

    targets: Sequence[str]
    wordings: Pairs[str, str] = field(default_factory=dict)
    source: str = ""
    region: str = ""
    language: str = "en"
    overwrite: bool = False
    confirmed: bool = False

    @classmethod
    def from_json(cls, facts: Pairs[str, Any]) -> "Mapping":
        """The mapping as it was kept."""
        return cls(**facts)

    def to_json(self) -> dict[str, Any]:
        """The mapping as it is kept."""
        return {
            "targets": list(self.targets),
            "wordings": dict(self.wordings),
            "source": self.source,
            "region": self.region,
            "language": self.language,
            "overwrite": self.overwrite,
            "confirmed": self.confirmed,
        }

    @property
    def used(self) -> int:
        """How many columns become anything."""
        return sum(bool(target) for target in self.targets)

    def consent_topics(self) -> list[uuid.UUID]:
        """The topics for which there is a column with consents, in the order of the columns."""
        found = [consent[0] for target in self.targets if (consent := read_consent(target))]
        return list(dict.fromkeys(found))


def is_fitting(mapping: Mapping, columns: int, choices: Pairs[str, str], wordings: Pairs[str, str]) -> bool:
    """Whether a mapping that was kept still fits: as many columns, and topics and wordings that are still there."""
    known = all(target in choices for target in mapping.targets)
    return len(mapping.targets) == columns and known and all(one in wordings for one in mapping.wordings.values())


def mapping_problems(mapping: Mapping, topics: Iterable[TopicChoice]) -> list[str]:
    """What is missing before the rows can be checked, each as a sentence."""
    return [*_missing(mapping.targets), *_repeated(mapping.targets), *_unproved(mapping, topics)]


def _missing(targets: Sequence[str]) -> list[str]:
    found = []
    if not any(target in ADDRESSES for target in targets):
        found.append("Choose the column that holds email addresses or phone numbers.")
    whole, parts = Target.NAME in targets, {Target.FIRST_NAME, Target.LAST_NAME} & set(targets)
    if not whole and not parts:
        found.append("Choose the column that holds names.")
    if whole and parts:
        found.append("Choose either full names, or first and last names.")
    if (extras := list(targets).count(Target.ATTRIBUTE)) > MOST:
        found.append(f"{extras} columns become attributes, and a client has at most {MOST}. Leave some out.")
    return found


def _repeated(targets: Sequence[str]) -> list[str]:
    twice = {target for target in targets if target not in AGAIN and targets.count(target) > 1}
    return [
        f"Two columns become “{TARGET_WORDS.get(target, 'the same consent')}”. Choose one." for target in sorted(twice)
    ]


def _unproved(mapping: Mapping, known: Iterable[TopicChoice]) -> list[str]:
    topics = mapping.consent_topics()
    if not topics:
        return []
    found = [
        f"“{one.name}” takes confirmed consents only. Say that they were confirmed, or leave it out."
        for one in known
        if one.double_opt_in and one.id in topics and not mapping.confirmed
    ]
    if not mapping.source and Target.CONSENT_SOURCE not in mapping.targets:
        found.append("Say where the proof of the consents is, or choose the column that says it.")
    by_column = Target.CONSENT_WORDING in mapping.targets
    if not by_column and any(str(topic) not in mapping.wordings for topic in topics):
        found.append("Choose which wording people read for each topic, or the column that says it.")
    return found
