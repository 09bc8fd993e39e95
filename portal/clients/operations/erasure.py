"""Taking clients away: an erasure leaves an empty shell for its reference, the removal of demo data leaves nothing."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal.audit.operations import diff, record, snapshot
from portal.clients.events import ClientEvent
from portal.clients.models import Client, ClientSearch, ClientState, PointState
from portal.clients.rules import UNKNOWN_LANGUAGE, UNKNOWN_ZONE
from portal.db import db
from portal.web.actor import Actor


def forget_client(client: Client, actor: Actor) -> int:
    """
    Empties the client and every address, and forgets searches for them. Says how many addresses went.

    The rows stay: what was agreed and sent refers to them. Doing it twice changes nothing more.
    """
    before = snapshot(client)
    client._full_name = None  # noqa: SLF001 - a cell that cannot be read may be emptied, though never written over
    client.language, client.time_zone, client.country = UNKNOWN_LANGUAGE, UNKNOWN_ZONE, None
    client.state = ClientState.ERASED
    points = [point for point in client.contact_points if point.state != PointState.ERASED]
    indices = [point.address_index for point in points]
    db.session.execute(delete(ClientSearch).where(ClientSearch.address_index.in_(indices)))
    for point in points:
        point._address = point.address_index = None  # noqa: SLF001 - as above
        point.state = PointState.ERASED
    record(
        ClientEvent.ERASED,
        actor,
        object_type="client",
        object_id=client.id,
        subject_ref=client.id,
        changes=diff(client, before),
    )
    db.session.flush()
    return len(points)


def remove_clients(clients: Sequence[Client], actor: Actor) -> None:
    """Deletes clients with their addresses: for demo data alone. What refers to them has to be gone before."""
    for client in clients:
        record(ClientEvent.REMOVED, actor, object_type="client", object_id=client.id, subject_ref=client.id)
        db.session.delete(client)
    db.session.flush()
