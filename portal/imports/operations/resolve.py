"""Compares rows with the clients who are here: who is new, who changes, who stays out, in a few statements for all."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from portal.clients.models import Client, ClientState, PointKind, PointState, ZoneSource
from portal.clients.queries import index_of_point
from portal.clients.rules import derived_zone
from portal.clients.rules.points import ReadPoint
from portal.consent.models import Standing
from portal.consent.queries import consent_states, suppressed
from portal.db import new_id
from portal.imports.queries import Owner, Place, clients_of, owners_of
from portal.imports.rules.consents import Consent
from portal.imports.rules.problems import Problem, Trouble
from portal.imports.rules.rows import Person

OPTED_OUT = frozenset({Standing.WITHDRAWN, Standing.REFUSED})


@dataclass(slots=True)
class Resolved:
    """
    What becomes of one good row: what is written of it, and nothing where all is known already.

    `places` and `point_ids` go with the addresses of the person; `added` counts those that the client gets.
    """

    person: Person
    places: list[Place]
    client_id: uuid.UUID = field(default_factory=new_id)
    state: str = ClientState.ACTIVE
    is_new: bool = True
    point_ids: list[uuid.UUID | None] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    added: list[int] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    opted_out: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is written."""
        return bool(self.is_new or self.fields or self.added or self.consents)


class Resolver:
    """Answers for the rows of one chunk."""

    def __init__(self, session: Session, *, overwrite: bool, hold: bool) -> None:
        """With hold, the clients who are here stay as they are until the transaction ends."""
        self._session, self._overwrite, self._hold = session, overwrite, hold
        self._owners: dict[Place, Owner] = {}
        self._stopped: Collection[tuple[int, int]] = ()

    def resolve(self, people: Sequence[Person]) -> tuple[list[Resolved], list[Trouble]]:
        """Every row that can go in, and what is wrong with the others."""
        rows = [Resolved(person, [_place(point) for point in person.points]) for person in people]
        self._owners = owners_of(self._session, {place for row in rows for place in row.places}, hold=self._hold)
        self._stopped = suppressed(
            self._session,
            {
                (row.person.line, number): (point.channel, point.address)
                for row in rows
                for number, point in enumerate(row.person.points)
            },
        )
        troubles = [trouble for row in rows if (trouble := self._place_row(row))]
        bad = {trouble.line for trouble in troubles}
        good = [row for row in rows if row.person.line not in bad]
        self._compare([row for row in good if not row.is_new])
        return good, troubles

    def _place_row(self, row: Resolved) -> Trouble | None:
        """Finds whose row it is; the reason why it stays out, if it does."""
        line = row.person.line
        found = {(owner.client_id, owner.state) for place in row.places if (owner := self._owners.get(place))}
        if len(found) > 1:
            return Trouble(line, 0, Problem.TWO_CLIENTS)
        if found:
            row.client_id, row.state, row.is_new = *found.pop(), False
        row.point_ids = [owner.point_id if (owner := self._owners.get(place)) else None for place in row.places]
        for number, place in enumerate(row.places):
            if (line, number) in self._stopped:
                # The client's own address may be stopped and the client changed; nobody else may be given it.
                if place not in self._owners:
                    return Trouble(line, 0, Problem.SUPPRESSED)
                row.opted_out = True
        if row.state != ClientState.ACTIVE:
            return Trouble(line, 0, Problem.RESTRICTED)
        if row.is_new:
            row.added = list(range(len(row.places)))
            row.consents = row.person.consents
        return None

    def _compare(self, rows: Sequence[Resolved]) -> None:
        ids = {row.client_id for row in rows}
        if self._overwrite and ids:
            known = clients_of(self._session, ids)
            for row in rows:
                row.fields = _differences(row.person, known[row.client_id])
                row.added = [number for number, place in enumerate(row.places) if place not in self._owners]
        self._compare_consents([row for row in rows if row.person.consents])

    def _compare_consents(self, rows: Sequence[Resolved]) -> None:
        wanted = {(row.client_id, one.topic_id, one.channel) for row in rows for one in row.person.consents}
        states = consent_states(self._session, wanted)
        for row in rows:
            for one in row.person.consents:
                number = next(n for n, point in enumerate(row.person.points) if point.channel == one.channel)
                state = states[row.client_id, one.topic_id, one.channel]
                if state in OPTED_OUT or (row.person.line, number) in self._stopped:
                    row.opted_out = True
                elif state is not Standing.GRANTED and (row.point_ids[number] or number in row.added):
                    row.consents.append(one)


def _place(point: ReadPoint) -> Place:
    return str(point.channel), index_of_point(point.kind, point.address)


def _differences(person: Person, client: Client) -> dict[str, Any]:
    """What the row says otherwise than the client; what it does not say stays."""
    zone, zone_source = _home(person, client)
    said = {
        "full_name": (person.name, client.full_name),
        "language": (person.language, client.language),
        "country": (person.country, client.country),
        "time_zone": (zone, client.time_zone),
        "time_zone_source": (str(zone_source), client.time_zone_source),
        "department": (person.department, client.department),
    }
    found: dict[str, Any] = {name: new for name, (new, old) in said.items() if new and new != old}
    attributes: Mapping[str, str] = client.attributes
    if merged := {**attributes, **person.attributes} if person.attributes else {}:
        found |= {"attributes": merged} if merged != attributes else {}
    return found


def _home(person: Person, client: Client) -> tuple[str, str]:
    """The zone and how we know it: what the row says, or what follows from another country than the one before."""
    if person.zone:
        return person.zone, ZoneSource.DECLARED
    if client.time_zone_source == ZoneSource.DECLARED or person.country in {"", client.country}:
        return client.time_zone, client.time_zone_source
    here = [point.address for point in person.points if point.kind is PointKind.PHONE]
    known = [point for point in client.live_points if point.kind == PointKind.PHONE and point.state != PointState.RAW]
    return derived_zone(person.country, here or [point.address for point in known if point.address])
