"""Adding a client. One address is one client, however many add it at once."""

import uuid

from sqlalchemy import func, select

from portal.audit.operations import Outcome, diff, record
from portal.clients.events import ClientEvent
from portal.clients.models import Channel, Client, ClientState, ContactPoint, Source
from portal.clients.queries import find_by_index, index_of
from portal.clients.rules import clean_name, client_number, mailable
from portal.db import db, new_id
from portal.web.actor import Actor


class ClientExists(Exception):
    """There is a client with this address already; the text names the client by number."""

    def __init__(self, client_id: uuid.UUID, number: int) -> None:
        super().__init__(f"Client {client_number(number)} has this address already. Open that client instead.")
        self.client_id = client_id
        self.number = client_number(number)


def add_client(  # noqa: PLR0913 - what is known of a person; each part is named at the call
    full_name: str,
    email: str,
    language: str,
    time_zone: str,
    actor: Actor,
    *,
    country: str | None = None,
    source: Source = Source.STAFF,
) -> Client:
    """
    A new active client with one email address, found again by it at once.

    Raises NotAName, NotMailable, or ClientExists when somebody has the address, also when both come at the same moment.
    """
    name, address = clean_name(full_name), mailable(email)
    address_index = index_of(address)
    _hold(address_index)
    if existing := find_by_index(address_index):
        raise ClientExists(existing.id, existing.number)
    facts = {"language": language, "time_zone": time_zone, "country": country or None, "source": source}
    client = Client(id=new_id(), state=ClientState.ACTIVE, **facts)
    client.full_name = name
    client.contact_points = [_email_point(address, address_index)]
    db.session.add(client)
    db.session.flush()
    record(
        ClientEvent.ADDED,
        actor,
        object_type="client",
        object_id=client.id,
        subject_ref=client.id,
        changes=diff(client, {}),
    )
    return client


def _email_point(address: str, address_index: bytes) -> ContactPoint:
    point = ContactPoint(id=new_id(), channel=Channel.EMAIL, address_index=address_index)
    point.address = address
    return point


def _hold(address_index: bytes) -> None:
    # Lets only one transaction at a time add this address; the unique index stands behind it.
    key = int.from_bytes(address_index[:8], signed=True)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))


def note_duplicate(client_id: uuid.UUID, actor: Actor) -> None:
    """Notes that somebody was told whose address they had typed: that too is a look at personal data."""
    record(
        ClientEvent.DUPLICATE_REFUSED,
        actor,
        object_type="client",
        object_id=client_id,
        subject_ref=client_id,
        outcome=Outcome.REFUSED,
    )
