"""Addresses of a client: adding, replacing, taking away. One address is one client's, however many add it at once."""

import uuid
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import func, select

from portal.audit.operations import diff, record, snapshot
from portal.clients.events import ClientEvent
from portal.clients.models import Channel, Client, ClientState, ContactPoint, PointState
from portal.clients.queries import find_holder, hold_client, index_of_point
from portal.clients.rules import NewPoint, ReadPoint, client_number, read_point
from portal.db import db, new_id
from portal.web.actor import Actor

Follower = Callable[[uuid.UUID, Actor], object]


class ClientExists(Exception):
    """There is a client with this address already; the text names the client by number."""

    def __init__(self, client_id: uuid.UUID, number: int, channel: str = Channel.EMAIL) -> None:
        super().__init__(f"Client {client_number(number)} has this address already. Open that client instead.")
        self.client_id = client_id
        self.channel = channel
        self.number = client_number(number)


class ClientGone(Exception):
    """The client was erased; the text says what follows."""

    def __init__(self) -> None:
        super().__init__("This client was erased, so nothing about them can be changed.")


class PointUnknown(LookupError):
    """The client has no such address, or no longer."""


def add_contact_point(
    client: Client, channel: str, text: str, actor: Actor, *, region: str | None = None
) -> ContactPoint:
    """
    One more address of a client. A phone number without a country code is read as one of their country, or the region.

    Raises NotMailable, NotAPhone, ClientGone, or ClientExists when somebody has the address, the client included.
    """
    held = held_client(client.id)
    read = read_point(NewPoint(channel, text, region or held.country))
    require_free([read])
    point = point_of(read)
    held.contact_points.append(point)
    db.session.flush()
    note(ClientEvent.POINT_ADDED, point, actor)
    return point


def replace_contact_point(
    client: Client,
    point_id: uuid.UUID,
    text: str,
    followers: Sequence[Follower],
    actor: Actor,
    *,
    region: str | None = None,
) -> ContactPoint:
    """
    Another address instead of this one, on its channel. The old one is forgotten, and what waits for it is not sent.

    A new row, so that proofs and late bounces of the old address never speak about the new one.
    """
    old = find_live(held_client(client.id), point_id)
    channel = old.channel
    remove_contact_point(client, point_id, followers, actor)
    return add_contact_point(client, channel, text, actor, region=region)


def remove_contact_point(client: Client, point_id: uuid.UUID, followers: Sequence[Follower], actor: Actor) -> None:
    """
    Forgets an address. Its row stays empty for what refers to it.

    Followers keep what higher features have to remember of it, such as a no; one that fails keeps the address.
    """
    point = find_live(held_client(client.id), point_id)
    for follow in followers:
        follow(point.id, actor)
    before = snapshot(point)
    empty_point(point)
    db.session.flush()
    note(ClientEvent.POINT_REMOVED, point, actor, before=before)


def trust_contact_point(client: Client, point_id: uuid.UUID, reason: str, actor: Actor) -> ContactPoint:
    """Marks an address as usable although it looked dead, for a reason that is kept. A suppression of it stands."""
    point = find_live(held_client(client.id), point_id)
    if point.state != PointState.UNUSABLE:
        raise PointUnknown
    before = snapshot(point)
    point.state = PointState.USABLE
    db.session.flush()
    note(ClientEvent.POINT_TRUSTED, point, actor, before=before, reason=reason)
    return point


def held_client(client_id: uuid.UUID) -> Client:
    """The client, kept from changing until the transaction ends. Raises ClientGone for one that was erased."""
    client = hold_client(client_id)
    if client is None or client.state in {ClientState.ERASING, ClientState.ERASED}:
        raise ClientGone
    return client


def find_live(client: Client, point_id: uuid.UUID) -> ContactPoint:
    """One address of the client that was not taken away; raises PointUnknown."""
    for point in client.live_points:
        if point.id == point_id:
            return point
    raise PointUnknown


def require_free(points: Sequence[ReadPoint]) -> None:
    """Keeps these addresses for the transaction; raises ClientExists when somebody has one of them on its channel."""
    wanted = {(p.channel, index_of_point(p.kind, p.address)) for p in points if p.state != PointState.RAW}
    hold_addresses(index for _, index in wanted)
    for channel, index in sorted(wanted):
        if holder := find_holder(channel, index):
            raise ClientExists(holder.id, holder.number, channel)


def hold_addresses(indices: Iterable[bytes]) -> None:
    """Lets only one transaction at a time add these addresses; the unique index stands behind it."""
    for index in sorted(set(indices)):
        key = int.from_bytes(index[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def point_of(read: ReadPoint) -> ContactPoint:
    """The row of an address that nobody has yet."""
    index = None if read.state == PointState.RAW else index_of_point(read.kind, read.address)
    point = ContactPoint(id=new_id(), channel=read.channel, kind=read.kind, address_index=index, state=read.state)
    point.address = read.address
    return point


def empty_point(point: ContactPoint) -> None:
    """Takes the address out of its row; a cell that cannot be read may be emptied, though never written over."""
    point._address = point.address_index = None  # noqa: SLF001 - see above
    point.state = PointState.ERASED


def note(
    event: ClientEvent,
    point: ContactPoint,
    actor: Actor,
    *,
    before: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    """The audit row of a change to one address."""
    record(
        event,
        actor,
        object_type="contact_point",
        object_id=point.id,
        subject_ref=point.client_id,
        reason=reason,
        changes=diff(point, before or {}),
    )
