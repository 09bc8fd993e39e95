"""Looks at clients. Each is an entry of the audit log that has to be committed before anything is shown."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete

from portal.audit.operations import AccessType, record_read
from portal.clients.events import ClientEvent
from portal.clients.models import Client, ClientSearch
from portal.clients.queries import find_client, index_of, index_of_phone, list_found_by
from portal.clients.rules import is_phone, normalised_phone, read_number
from portal.db import db, new_id, utc_now
from portal.web.actor import Actor

SEARCH_KEPT = timedelta(hours=1)


class ClientUnknown(LookupError):
    """There is no such client."""


def reveal(client_id: uuid.UUID, purpose: str, actor: Actor) -> Client:
    """
    The client, once the look is in the log: commit, and only then read what is sealed.

    Raises PurposeMissing when no purpose is stated.
    """
    client = find_client(client_id)
    if client is None:
        raise ClientUnknown
    record_read(
        ClientEvent.REVEALED,
        actor,
        subject_refs=[client.id],
        access_type=AccessType.DECRYPT,
        purpose=purpose,
        object_type="client",
        object_id=client.id,
    )
    return client


def note_viewed(client: Client, actor: Actor) -> None:
    """Notes a look at the masked page of one client."""
    record_read(
        ClientEvent.VIEWED,
        actor,
        subject_refs=[client.id],
        purpose="work on the page of a client, masked",
        object_type="client",
        object_id=client.id,
    )


def note_list_viewed(clients: Sequence[Client], actor: Actor) -> None:
    """Notes a look at the masked list, naming every client on it."""
    ids = [client.id for client in clients]
    record_read(
        ClientEvent.LIST_VIEWED,
        actor,
        subject_refs=ids,
        purpose="work on the list of clients, masked",
        object_type="client",
    )


def start_search(term: str, actor: Actor, *, region: str | None = None) -> ClientSearch:
    """
    Keeps what is looked for as a keyed hash or a number, under an id that may stand in a URL, and notes whom it finds.

    A phone number without a country code is one of the region. Raises NotAnAddress or NotAPhone when the term is
    neither an address nor a client number. Old searches are forgotten here.
    """
    number, address_index, kind = _looked_for(term, region)
    now = utc_now()
    db.session.execute(delete(ClientSearch).where(ClientSearch.expires_at < now))
    search = ClientSearch(
        id=new_id(), staff_id=actor.id, address_index=address_index, number=number, expires_at=now + SEARCH_KEPT
    )
    db.session.add(search)
    found = list_found_by(search)
    record_read(
        ClientEvent.SEARCHED,
        actor,
        subject_refs=[client.id for client in found],
        access_type=AccessType.SEARCH,
        purpose="finding a client",
        object_type="client",
        object_id=found[0].id if found else "",
        reason=f"by {kind}",
    )
    return search


def _looked_for(term: str, region: str | None) -> tuple[int | None, bytes | None, str]:
    number = read_number(term)
    if number is not None:
        return number, None, "client number"
    if is_phone(term):
        return None, index_of_phone(normalised_phone(term, region)), "phone number"
    return None, index_of(term), "email address"
