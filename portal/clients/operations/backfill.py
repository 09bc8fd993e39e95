"""Numbers that came without a country are brought to E.164 once the country is known, a few at a time."""

import uuid
from dataclasses import dataclass

from portal.audit.operations import snapshot
from portal.clients.events import ClientEvent
from portal.clients.models import ContactPoint, PointState
from portal.clients.operations.points import empty_point, hold_addresses, note
from portal.clients.queries import find_holder, index_of_phone, list_raw_points
from portal.clients.rules import NotAPhone, is_sendable_phone, normalised_phone
from portal.db import db
from portal.web.actor import Actor

FIRST = uuid.UUID(int=0)


@dataclass(slots=True)
class Backfilled:
    """What became of the numbers: brought to E.164, double, another client's, or still without a country."""

    done: int = 0
    double: int = 0
    taken: int = 0
    left: int = 0
    last: uuid.UUID = FIRST
    seen: int = 0


def backfill_phones(so_far: Backfilled, region: str | None, limit: int, actor: Actor) -> bool:
    """
    Reads the next numbers by the country of their client, else by the region. Says whether any were left to read.

    One that the client has already is taken away; one that another client has stays as it is, for a merge.
    """
    points = list_raw_points(so_far.last, limit)
    for point in points:
        so_far.last = point.id
        so_far.seen += 1
        try:
            number = normalised_phone(point.address or "", point.client.country or region)
        except NotAPhone:
            so_far.left += 1
        else:
            _bring(point, number, so_far, actor)
    return bool(points)


def _bring(point: ContactPoint, number: str, so_far: Backfilled, actor: Actor) -> None:
    index = index_of_phone(number)
    hold_addresses([index])
    holder = find_holder(point.channel, index)
    if holder is not None and holder.id != point.client_id:
        so_far.taken += 1
        return
    before = snapshot(point)
    if holder is not None:
        empty_point(point)
        so_far.double += 1
    else:
        point.address, point.address_index = number, index
        point.state = PointState.USABLE if is_sendable_phone(number) else PointState.UNUSABLE
        so_far.done += 1
    db.session.flush()
    note(ClientEvent.POINT_NORMALISED, point, actor, before=before)
