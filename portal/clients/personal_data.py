"""What clients hold about a person: their name, their addresses, their wishes, what else is known."""

import uuid
from typing import Any

from portal.clients.models import Client
from portal.clients.operations import forget_client
from portal.clients.queries import find_client, hold_client, preference_of
from portal.clients.rules import Preference, client_number
from portal.db import db
from portal.web.actor import Actor

TABLES = ("client", "contact_point", "client_preference")


def export_for(client_id: uuid.UUID) -> dict[str, Any]:
    """Everything the tables hold about this client, in clear; whoever asks has put the look into the log before."""
    client = find_client(client_id)
    if client is None:
        return {}
    return {
        "client": {
            "number": client_number(client.number),
            "full_name": client.full_name,
            "language": client.language,
            "time_zone": client.time_zone,
            "country": client.country,
            "state": client.state,
            "time_zone_known_from": client.time_zone_source,
            "department": client.department,
            "attributes": client.attributes,
            "source": client.source,
            "since": client.created_at.isoformat(),
        },
        "preferences": _preferences(client),
        "contact_points": [
            {
                "channel": point.channel,
                "kind": point.kind,
                "address": point.address,
                "state": point.state,
                "since": point.created_at.isoformat(),
            }
            for point in client.contact_points
        ],
    }


def _preferences(client: Client) -> dict[str, Any]:
    said = preference_of(db.session(), [client.id])[client.id]
    hours = (said.contact_from, said.contact_until)
    return {
        "channel_order": list(said.channel_order),
        "contact_hours": [f"{moment:%H:%M}" for moment in hours if moment],
        "frequency": said.frequency,
        "language": client.language,
    }


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:
    """Empties the client and their addresses; says how many rows of each table were emptied."""
    # Held, so that no address is added between the reading and the emptying.
    client = hold_client(client_id)
    if client is None or client.full_name is None:
        return dict.fromkeys(TABLES, 0)
    wishes = 0 if preference_of(db.session(), [client_id])[client_id] == Preference() else 1
    return {"client": 1, "contact_point": forget_client(client, actor), "client_preference": wishes}
