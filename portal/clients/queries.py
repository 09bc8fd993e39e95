"""Everything that is read about clients. An address is found by its keyed hash alone, so only whole ones are."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.clients.models import Channel, Client, ClientSearch, ContactPoint, Source
from portal.crypto.blind_index import blind_index
from portal.crypto.purposes import Purpose
from portal.db import db


def index_of(email: str) -> bytes:
    """The keyed hash under which an email address is found, in whatever case or spelling of its domain."""
    return blind_index(Purpose.BIDX_EMAIL, "contact_point.address", email)


def find_client(client_id: uuid.UUID) -> Client | None:
    """One client with all their addresses."""
    return db.session.scalar(_with_addresses().where(Client.id == client_id))


def find_by_email(email: str) -> Client | None:
    """The client who has this address."""
    return find_by_index(index_of(email))


def find_by_index(address_index: bytes) -> Client | None:
    """The client whose email address has this keyed hash."""
    here = (ContactPoint.channel == Channel.EMAIL) & (ContactPoint.address_index == address_index)
    return db.session.scalar(_with_addresses().join(Client.contact_points).where(here))


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


def find_search(search_id: uuid.UUID, staff_id: uuid.UUID | None, now: datetime) -> ClientSearch | None:
    """A search of this member of staff while it is kept; anybody else's is not found."""
    mine = (ClientSearch.id == search_id) & (ClientSearch.staff_id == staff_id)
    return db.session.scalar(select(ClientSearch).where(mine, ClientSearch.expires_at > now))


def find_by_search(search: ClientSearch) -> Client | None:
    """Whom a search finds: one client or nobody, because only whole addresses and numbers are looked up."""
    if search.address_index is not None:
        return find_by_index(search.address_index)
    return find_by_number(search.number or 0)


def _with_addresses() -> Select[Client]:
    return select(Client).options(selectinload(Client.contact_points))
