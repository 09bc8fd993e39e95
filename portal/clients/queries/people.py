"""Clients by id, number and address. An address is found by its keyed hash alone, so only whole ones are."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.clients.models import Channel, Client, ContactPoint, Source
from portal.clients.queries.indices import index_of, index_of_phone, index_of_point
from portal.clients.rules import BadAddress, NewPoint, read_point
from portal.db import db
from portal.staff.models import StaffMember


def find_client(client_id: uuid.UUID) -> Client | None:
    """One client with all their addresses."""
    return db.session.scalar(_with_addresses().where(Client.id == client_id))


def find_by_email(email: str) -> Client | None:
    """The client who has this address."""
    return find_holder(Channel.EMAIL, index_of(email))


def find_by_phone(e164: str) -> Client | None:
    """The client who has this number, be it for SMS or WhatsApp; where two share it, the first one."""
    return next(iter(list_by_index(index_of_phone(e164))), None)


def find_by_address(channel: str, text: str) -> Client | None:
    """The client who has this address on this channel; nobody for what is no address there."""
    try:
        point = read_point(NewPoint(channel, text))
    except BadAddress:
        return None
    return find_holder(channel, index_of_point(point.kind, point.address))


def find_holder(channel: str, address_index: bytes) -> Client | None:
    """The client whose address on this channel has this keyed hash."""
    here = (ContactPoint.channel == channel) & (ContactPoint.address_index == address_index)
    return db.session.scalar(_with_addresses().join(Client.contact_points).where(here))


def list_by_index(address_index: bytes) -> Sequence[Client]:
    """The clients with an address of this keyed hash on any channel, the oldest first; mostly one, or nobody."""
    having = select(ContactPoint.client_id).where(ContactPoint.address_index == address_index)
    return db.session.scalars(_with_addresses().where(Client.id.in_(having)).order_by(Client.number)).all()


def find_by_number(number: int) -> Client | None:
    """The client called C-<number>."""
    return db.session.scalar(_with_addresses().where(Client.number == number))


def list_clients(*, below: int | None = None, above: int | None = None, limit: int) -> Sequence[Client]:
    """Clients with their addresses, the newest first, below or above a number."""
    query = _with_addresses().limit(limit)
    if above is not None:
        return db.session.scalars(query.where(Client.number > above).order_by(Client.number)).all()[::-1]
    if below is not None:
        query = query.where(Client.number < below)
    return db.session.scalars(query.order_by(Client.number.desc())).all()


def list_demo_clients() -> Sequence[Client]:
    """The clients that demo load made."""
    return db.session.scalars(_with_addresses().where(Client.source == Source.DEMO).order_by(Client.number)).all()


def hold_client(client_id: uuid.UUID) -> Client | None:
    """The client as they are now, kept from changing until the transaction ends."""
    query = _with_addresses().where(Client.id == client_id).with_for_update(of=Client)
    return db.session.scalar(query.execution_options(populate_existing=True))


def find_owner(client: Client) -> StaffMember | None:
    """The member of staff who looks after the client."""
    return db.session.get(StaffMember, client.owner_id) if client.owner_id else None


def ids_of(client_id: uuid.UUID) -> list[uuid.UUID]:
    """The client and every client that was merged into them: all references under which they were ever known."""
    merged = select(Client.id).where(Client.merged_into_id == client_id).order_by(Client.number)
    return [client_id, *db.session.scalars(merged)]


def _with_addresses() -> Select[Client]:
    return select(Client).options(selectinload(Client.contact_points))
