"""One row of a file read as a person: every cell checked, every problem named by line and column."""

import uuid
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from portal.clients.models import Channel, PointKind, ZoneSource
from portal.clients.rules import NotAName, clean_name, derived_zone
from portal.clients.rules.addresses import BadAddress
from portal.clients.rules.phones import CountryMissing
from portal.clients.rules.points import NewPoint, ReadPoint, read_point
from portal.imports.rules.addresses import mailable_quickly
from portal.imports.rules.cells import LONGEST, BadCell, is_like_formula, read_country, read_language, read_zone
from portal.imports.rules.consents import Consent, Proof, WordingChoice, read_consents
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.problems import Problem, Trouble, is_flag
from portal.imports.rules.targets import ADDRESSES, Target, read_consent
from portal.imports.rules.workbook import ERROR, FORMULA

SPECIAL = {FORMULA: Problem.FORMULA, ERROR: Problem.ERROR}
FREE_TEXT = frozenset(
    {Target.NAME, Target.FIRST_NAME, Target.LAST_NAME, Target.DEPARTMENT, Target.ATTRIBUTE, Target.CONSENT_SOURCE}
)


@dataclass(slots=True)
class Person:
    """What a good row says. Empty means that the row does not say it, never that it should be taken away."""

    line: int
    name: str = ""
    points: list[ReadPoint] = field(default_factory=list)
    language: str = ""
    country: str = ""
    zone: str = ""
    department: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)

    def home(self) -> tuple[str, ZoneSource]:
        """The time zone of a new client: what the row says, or what follows from country and phone."""
        if self.zone:
            return self.zone, ZoneSource.DECLARED
        if self.country and (found := _zone_of(self.country))[1] is not ZoneSource.UNKNOWN:
            return found
        return derived_zone(None, [point.address for point in self.points if point.kind is PointKind.PHONE])


class RowReader:
    """Reads the rows of one file by its mapping."""

    def __init__(
        self, mapping: Mapping, names: Sequence[str], wordings: Pairs[uuid.UUID, WordingChoice], now: datetime
    ) -> None:
        self._names, self._wordings, self._now, self._mapping = names, wordings, now, mapping
        used = [(place, target) for place, target in enumerate(mapping.targets) if target]
        self._cells = [(place, target) for place, target in used if target != Target.ATTRIBUTE]
        self._free = [(place, target) for place, target in used if target in FREE_TEXT]
        self._extras = [place for place, target in used if target == Target.ATTRIBUTE]
        self._used = [place for place, _ in used]
        self._places = {target: place + 1 for place, target in self._cells}
        self._consents = [(place + 1, found) for place, target in used if (found := read_consent(target))]

    def read(self, line: int, cells: Sequence[str]) -> tuple[Person | None, list[Trouble]]:
        """The person of a row, or nobody; and what is wrong with it. A row may be good and flagged."""
        if not cells:
            return None, [Trouble(line, 0, Problem.CELLS)]
        troubles = self._suspicious(line, cells)
        values = {target: cells[place] for place, target in self._cells}
        person = Person(line)
        if not any(not is_flag(one.problem) for one in troubles):
            self._read_name(person, values, troubles)
            self._read_places(person, values, troubles)
            self._read_points(person, values, troubles)
            self._read_rest(person, cells, values, troubles)
        good = all(is_flag(one.problem) for one in troubles)
        return (person if good else None), troubles

    def _suspicious(self, line: int, cells: Sequence[str]) -> list[Trouble]:
        found = []
        for place in self._used:
            cell = cells[place]
            if cell in SPECIAL or len(cell) > LONGEST:
                found.append(Trouble(line, place + 1, SPECIAL.get(cell, Problem.LONG)))
        found += [
            Trouble(line, place + 1, Problem.LIKE_FORMULA) for place, _ in self._free if is_like_formula(cells[place])
        ]
        return found

    def _read_name(self, person: Person, values: Pairs[str, str], troubles: list[Trouble]) -> None:
        name = values.get(Target.NAME)
        if name is None:
            name = f"{values.get(Target.FIRST_NAME, '')} {values.get(Target.LAST_NAME, '')}"
        try:
            person.name = clean_name(name)
        except NotAName:
            place = next(
                self._places[one] for one in (Target.NAME, Target.LAST_NAME, Target.FIRST_NAME) if one in values
            )
            troubles.append(Trouble(person.line, place, Problem.NAME))

    def _read_places(self, person: Person, values: Pairs[str, str], troubles: list[Trouble]) -> None:
        for target, read in (
            (Target.LANGUAGE, read_language),
            (Target.COUNTRY, read_country),
            (Target.TIME_ZONE, read_zone),
        ):
            text = values.get(target)
            if text:
                try:
                    setattr(person, FIELDS[target], read(text))
                except BadCell as bad:
                    troubles.append(Trouble(person.line, self._places[target], bad.problem))

    def _read_points(self, person: Person, values: Pairs[str, str], troubles: list[Trouble]) -> None:
        region = person.country or self._mapping.region or None
        before = len(troubles)
        for target, channel in ADDRESSES.items():
            text = values.get(target)
            if text:
                try:
                    person.points.append(_point(Channel(channel), text, region))
                except BadAddress as bad:
                    troubles.append(Trouble(person.line, self._places[target], _address_problem(target, bad)))
        if not person.points and len(troubles) == before:
            place = next(self._places[one] for one in ADDRESSES if one in values)
            troubles.append(Trouble(person.line, place, Problem.ADDRESS_MISSING))

    def _read_rest(
        self, person: Person, cells: Sequence[str], values: Pairs[str, str], troubles: list[Trouble]
    ) -> None:
        person.department = _one_line(values.get(Target.DEPARTMENT, ""))
        person.attributes = {self._names[place]: _one_line(cells[place]) for place in self._extras if cells[place]}
        if self._consents:
            columns = [(column, topic, channel, cells[column - 1]) for column, (topic, channel) in self._consents]
            proof = Proof(values, self._mapping, person.language or self._mapping.language, self._wordings, self._now)
            channels = {point.channel for point in person.points}
            person.consents, found = read_consents(person.line, columns, proof, channels)
            troubles += found


FIELDS = {Target.LANGUAGE: "language", Target.COUNTRY: "country", Target.TIME_ZONE: "zone"}


def _point(channel: Channel, text: str, region: str | None) -> ReadPoint:
    if channel is Channel.EMAIL:
        return ReadPoint(channel, PointKind.EMAIL, mailable_quickly(text))
    return read_point(NewPoint(channel, text, region))


def _one_line(text: str) -> str:
    """The text as the pages of a client take it, where each attribute is one line."""
    return " ".join(text.split())


def _address_problem(target: Target, bad: BadAddress) -> Problem:
    if target is Target.EMAIL:
        return Problem.EMAIL
    return Problem.PHONE_COUNTRY if isinstance(bad, CountryMissing) else Problem.PHONE


@cache
def _zone_of(country: str) -> tuple[str, ZoneSource]:
    return derived_zone(country, [])
