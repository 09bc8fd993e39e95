"""Searches of staff, and whom they find."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.clients.models import Client, ClientSearch
from portal.clients.queries.people import find_by_number, list_by_index
from portal.db import db


def find_search(search_id: uuid.UUID, staff_id: uuid.UUID | None, now: datetime) -> ClientSearch | None:
    """A search of this member of staff while it is kept; anybody else's is not found."""
    mine = (ClientSearch.id == search_id) & (ClientSearch.staff_id == staff_id)
    return db.session.scalar(select(ClientSearch).where(mine, ClientSearch.expires_at > now))


def list_found_by(search: ClientSearch) -> Sequence[Client]:
    """Whom a search finds: mostly one client or nobody, because only whole addresses and numbers are looked up."""
    if search.address_index is not None:
        return list_by_index(search.address_index)
    found = find_by_number(search.number or 0)
    return [found] if found else []
