"""The suppression list as staff see it: counts by reason, the newest entries, and what waits for a second person."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_

from portal.clients.models import ContactPoint
from portal.clients.queries import points_of
from portal.consent.models import RemovalState, Suppression, SuppressionOrigin, SuppressionRemoval
from portal.consent.rules.addresses import suppression_hashes
from portal.crypto.blind_index import NotAnAddress
from portal.db import db


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many entries there are for one reason, as one kind of teller said, by channel."""

    reason: str
    origin: str
    by_channel: dict[str, int]

    @property
    def total(self) -> int:
        """On all channels."""
        return sum(self.by_channel.values())


@dataclass(frozen=True, slots=True)
class ProviderList:
    """What providers told us with one code."""

    channel: str
    source: str
    entries: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What the list is narrowed to; empty parts let everything through."""

    channel: str = ""
    reason: str = ""
    origin: str = ""


def count_reasons() -> list[ReasonCount]:
    """Entries by reason and teller, the most first."""
    columns = Suppression.reason, Suppression.origin, Suppression.channel
    found: dict[tuple[str, str], dict[str, int]] = {}
    for reason, origin, channel, number in db.session.execute(select(*columns, func.count()).group_by(*columns)):
        found.setdefault((reason, origin), {})[channel] = number
    counts = [ReasonCount(*key, by_channel) for key, by_channel in found.items()]
    return sorted(counts, key=lambda count: (-count.total, count.reason, count.origin))


def list_provider_lists(limit: int = 20) -> list[ProviderList]:
    """What providers told us, told apart by channel and code, the most first."""
    columns = Suppression.channel, Suppression.source
    query = (
        select(*columns, func.count(), func.max(Suppression.created_at))
        .where(Suppression.origin == SuppressionOrigin.PROVIDER)
        .group_by(*columns)
        .order_by(func.count().desc(), *columns)
        .limit(limit)
    )
    return [ProviderList(*row) for row in db.session.execute(query)]


def list_entries(wanted: EntryFilter, *, below: uuid.UUID | None = None, limit: int) -> Sequence[Suppression]:
    """Entries, the newest first, below an id."""
    query = select(Suppression).order_by(Suppression.id.desc()).limit(limit)
    for column, value in (
        (Suppression.channel, wanted.channel),
        (Suppression.reason, wanted.reason),
        (Suppression.origin, wanted.origin),
    ):
        if value:
            query = query.where(column == value)
    return db.session.scalars(query.where(Suppression.id < below) if below else query).all()


def find_entries(channel: str, address: str) -> Sequence[Suppression]:
    """Every entry of an address on a channel, under any key, the oldest first; raises NotAnAddress for what is none."""
    here = Suppression.channel == channel, Suppression.address_hash.in_(suppression_hashes(channel, address))
    return db.session.scalars(select(Suppression).where(*here).order_by(Suppression.id)).all()


def entries_of(client_id: uuid.UUID) -> Sequence[Suppression] | None:
    """Every entry of a client's addresses, by channel, the oldest first; None where the client has no address."""
    points = [point for point in points_of(client_id) if point.address]
    if not points:
        return None
    hashes = {(point.channel, tag) for point in points for tag in _hashes(point)}
    place = tuple_(Suppression.channel, Suppression.address_hash)
    query = select(Suppression).where(place.in_(hashes)).order_by(Suppression.channel, Suppression.id)
    return db.session.scalars(query).all()


def _hashes(point: ContactPoint) -> list[bytes]:
    try:
        return suppression_hashes(point.channel, point.address or "")
    except NotAnAddress:
        # A number whose country nobody knows yet: nothing goes there, and nothing can stand there.
        return []


def find_entry(suppression_id: uuid.UUID) -> Suppression | None:
    """One entry."""
    return db.session.get(Suppression, suppression_id)


def find_removal(removal_id: uuid.UUID) -> SuppressionRemoval | None:
    """One request to take an entry off."""
    return db.session.get(SuppressionRemoval, removal_id)


def list_open_removals() -> Sequence[SuppressionRemoval]:
    """What waits for a second person, the oldest first."""
    waiting = SuppressionRemoval.state == RemovalState.OPEN
    return db.session.scalars(select(SuppressionRemoval).where(waiting).order_by(SuppressionRemoval.id)).all()
