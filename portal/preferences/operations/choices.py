"""What a person switches on the page of their settings: each switch that was moved is an event of the ledger."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from portal.clients.models import ContactPoint
from portal.clients.queries import points_of
from portal.consent.models import Method, SuppressionReason, SuppressionScope, TopicClass
from portal.consent.operations import confirm_consent, record_consent, request_consent, suppress, withdraw
from portal.consent.operations import withdraw_everything as withdraw_classes
from portal.consent.rules import ConsentRefused
from portal.consent.rules.origin import Origin
from portal.crypto.blind_index import NotAnAddress
from portal.db import db, utc_now
from portal.preferences.queries.centre import Cell, Centre, Row
from portal.preferences.rules.choices import Became, Changed, Wanted
from portal.preferences.rules.switches import CAN_TURN_ON, Switch
from portal.web.actor import Actor

HERE = Method.PREFERENCE_CENTRE
NAME = "Preference centre"
EVIDENCE = "Turned on by the person on the page of their settings, opened by a link sent to their address."
BY_CODE = "Proved by a code sent to the number, verification {}."


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever opened the page, with what is known of their program."""

    actor: Actor
    user_agent: str = ""

    @property
    def origin(self) -> Origin:
        """Where it was said. The address of the page is left out: it holds the link."""
        return Origin(name=NAME, user_agent=self.user_agent)


def apply_choices(centre: Centre, wanted: Wanted, person: Person) -> list[Changed]:
    """
    Moves the switches that were on the page and stand otherwise than they do now; says what became of each.

    Turning off takes effect at once. Turning on does only where nobody else could have done it for the person: else a
    mail asks them, or a code, and until they answer nothing changes. Call it in one transaction with what follows.
    """
    moved = [
        (row, cell)
        for row, cell in _places(centre)
        if (spot := (row.topic.id, cell.channel)) in wanted.shown and (spot in wanted.on) != (cell.switch is Switch.ON)
    ]
    changes = (_moved(centre, row, cell, wanted, person) for row, cell in moved)
    return [change for change in changes if change is not None]


def confirm_by_code(centre: Centre, wanted: Wanted, verification_id: uuid.UUID, person: Person) -> list[Changed]:
    """Turns on what was asked for by SMS, now that the person has shown that the number is theirs."""
    evidence = BY_CODE.format(verification_id)
    return [
        _proved(centre, row, cell, wanted, evidence, person)
        for row, cell in _places(centre)
        if cell.switch is Switch.BY_CODE and (row.topic.id, cell.channel) in wanted.on
    ]


def stop_everything(centre: Centre, person: Person) -> None:
    """
    Ends everything the person could have switched off, and keeps every address of theirs from marketing for good.

    What belongs to a contract or a legal duty goes on. A second time writes nothing.
    """
    client_id, actor, origin = centre.client.id, person.actor, person.origin
    withdraw_classes(
        client_id,
        HERE,
        actor,
        classes=(TopicClass.MARKETING,),
        contact_point_id=centre.point.id,
        origin=origin,
    )
    for row, cell in _places(centre):
        if cell.switch is Switch.ON and row.topic.topic_class != TopicClass.MARKETING:
            withdraw(client_id, row.topic.id, cell.channel, HERE, actor, origin=origin)
    for point in points_of(client_id):
        _suppress(point, actor)


def _places(centre: Centre) -> Iterator[tuple[Row, Cell]]:
    return ((row, cell) for row in centre.rows for cell in row.cells)


def _suppress(point: ContactPoint, actor: Actor) -> None:
    facts = (db.session(), point.channel, point.address or "", SuppressionReason.OPTED_OUT)
    scope, source = SuppressionScope.MARKETING, "stop everything, preference centre"
    try:
        suppress(*facts, source=source, actor=actor, client_id=point.client_id, scope=scope)
    except NotAnAddress:
        # A number of an unknown country, or a cell that cannot be read: nothing is sent there anyway.
        return


def _moved(centre: Centre, row: Row, cell: Cell, wanted: Wanted, person: Person) -> Changed | None:
    if cell.switch is Switch.ON:
        point_id = centre.points[cell.channel].id
        place = (centre.client.id, row.topic.id, cell.channel)
        withdraw(*place, HERE, person.actor, contact_point_id=point_id, origin=person.origin)
        return _changed(row, cell, Became.OFF)
    if cell.switch is Switch.BY_CODE:
        return _changed(row, cell, Became.CODE)
    if cell.switch is Switch.PENDING:
        # The request waits already; whoever follows it may ask the person once more.
        return _changed(row, cell, Became.ASKED, cell.place.pending_id)
    return _turned_on(centre, row, cell, wanted, person) if cell.switch in CAN_TURN_ON else None


def _turned_on(centre: Centre, row: Row, cell: Cell, wanted: Wanted, person: Person) -> Changed:
    place, point_id = (centre.client.id, row.topic.id, cell.channel), centre.points[cell.channel].id
    wording_id, actor, origin = wanted.wordings.get(row.topic.id), person.actor, person.origin
    try:
        if cell.place.needs_confirmation:
            asked = request_consent(
                *place, wording_id, HERE, actor, evidence=EVIDENCE, contact_point_id=point_id, origin=origin
            )
            return _changed(row, cell, Became.ASKED, asked.id)
        record_consent(*place, wording_id, HERE, EVIDENCE, actor, contact_point_id=point_id, origin=origin)
    except ConsentRefused:
        return _changed(row, cell, Became.REFUSED)
    return _changed(row, cell, Became.ON)


def _proved(centre: Centre, row: Row, cell: Cell, wanted: Wanted, evidence: str, person: Person) -> Changed:
    place, point_id = (centre.client.id, row.topic.id, cell.channel), centre.points[cell.channel].id
    wording_id, actor, origin = wanted.wordings.get(row.topic.id), person.actor, person.origin
    try:
        asked = request_consent(
            *place, wording_id, HERE, actor, evidence=evidence, contact_point_id=point_id, origin=origin
        )
        confirm_consent(asked.id, HERE, actor, evidence=evidence, origin=origin)
    except ConsentRefused:
        return _changed(row, cell, Became.REFUSED)
    return _changed(row, cell, Became.ON)


def _changed(row: Row, cell: Cell, became: Became, event_id: uuid.UUID | None = None) -> Changed:
    return Changed(row.topic.name, (row.topic.id, cell.channel), became, utc_now(), event_id)
