"""The consents of one row: each with its topic, its day, the wording people read and where the proof is."""

import re
import uuid
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass
from datetime import datetime

from portal.imports.rules.cells import BadCell, is_no, is_yes, read_moment
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.problems import Problem, Trouble
from portal.imports.rules.targets import Target

VERSION = re.compile(r"(?:([a-z]{2})\W+)?(?:wording\W*|version\W*|v\W*)?([0-9]{1,6})", re.IGNORECASE)
Column = tuple[int, uuid.UUID, str, str]


@dataclass(frozen=True, slots=True)
class WordingChoice:
    """A wording that people may have read."""

    id: uuid.UUID
    topic_id: uuid.UUID
    language: str
    version: int


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent as it goes into the ledger."""

    topic_id: uuid.UUID
    channel: str
    wording_id: uuid.UUID
    source: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """What the row and the mapping say about the proof of its consents."""

    values: Pairs[str, str]
    mapping: Mapping
    language: str
    wordings: Pairs[uuid.UUID, WordingChoice]
    now: datetime

    def moment(self, text: str) -> datetime:
        """When it was given: in the cell itself, or in the column of dates."""
        if not is_yes(text):
            return read_moment(text, self.now)
        day = self.values.get(Target.CONSENT_DATE, "")
        if not day:
            raise BadCell(Problem.DATE_MISSING)
        return read_moment(day, self.now)

    def source(self) -> str:
        """Where the proof is."""
        source = self.values.get(Target.CONSENT_SOURCE) or self.mapping.source
        if not source:
            raise BadCell(Problem.SOURCE_MISSING)
        return source

    def wording(self, topic_id: uuid.UUID) -> uuid.UUID:
        """What the person read."""
        text = self.values.get(Target.CONSENT_WORDING, "")
        if not text:
            chosen = self.mapping.wordings.get(str(topic_id))
            if chosen is None:
                raise BadCell(Problem.WORDING)
            return uuid.UUID(chosen)
        named = VERSION.fullmatch(text)
        if named is None:
            raise BadCell(Problem.WORDING)
        wanted = (topic_id, (named[1] or self.language).lower(), int(named[2]))
        for one in self.wordings.values():
            if (one.topic_id, one.language, one.version) == wanted:
                return one.id
        raise BadCell(Problem.WORDING)


def read_consents(
    line: int, columns: Iterable[Column], proof: Proof, channels: Collection[str]
) -> tuple[list[Consent], list[Trouble]]:
    """The consents of a row from its columns (number, topic, channel, cell), and what is wrong with them."""
    found, troubles = [], []
    for column, topic_id, channel, text in columns:
        if is_no(text):
            continue
        if channel not in channels:
            troubles.append(Trouble(line, column, Problem.CONSENT_ADDRESS))
            continue
        try:
            moment, source = proof.moment(text), proof.source()
            found.append(Consent(topic_id, channel, proof.wording(topic_id), source, moment))
        except BadCell as bad:
            troubles.append(Trouble(line, column, bad.problem))
    return found, troubles
