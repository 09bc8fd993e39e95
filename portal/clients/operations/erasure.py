"""Taking clients away: an erasure leaves an empty shell for its reference, the removal of demo data leaves nothing."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal.audit.operations import diff, record, snapshot
from portal.clients.events import ClientEvent
from portal.clients.models import Client, ClientPreference, ClientSearch, ClientState, ZoneSource
from portal.clients.operations.points import empty_point
from portal.clients.rules import UNKNOWN_LANGUAGE, UNKNOWN_ZONE
from portal.db import db
from portal.web.actor import Actor


def forget_client(client: Client, actor: Actor) -> int:
    """
    Empties the client and every address, and forgets searches for them. Says how many addresses went.

    The rows stay: what was agreed and sent refers to them. Doing it twice changes nothing more.
    """
    before = snapshot(client)
    empty_client(client)
    points = client.live_points
    indices = [point.address_index for point in points]
    db.session.execute(delete(ClientSearch).where(ClientSearch.address_index.in_(indices)))
    for point in points:
        empty_point(point)
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


def empty_client(client: Client) -> None:
    """Takes out of the row, and of the wishes, whatever tells who it was. Addresses are the caller's business."""
    # A cell that cannot be read may be emptied, though never written over.
    client._full_name = client._attributes = None  # noqa: SLF001 - see above
    client.language, client.time_zone, client.country = UNKNOWN_LANGUAGE, UNKNOWN_ZONE, None
    client.time_zone_source = ZoneSource.UNKNOWN
    client.owner_id, client.department = None, ""
    client.state = ClientState.ERASED
    db.session.execute(delete(ClientPreference).where(ClientPreference.client_id == client.id))


def remove_clients(clients: Sequence[Client], actor: Actor) -> None:
    """Deletes clients with their addresses: for demo data alone. What refers to them has to be gone before."""
    for client in clients:
        record(ClientEvent.REMOVED, actor, object_type="client", object_id=client.id, subject_ref=client.id)
        db.session.delete(client)
    db.session.flush()
