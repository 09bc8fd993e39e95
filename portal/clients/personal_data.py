"""What clients hold about a person: their name, their addresses, how we write to them."""

import uuid
from typing import Any

from portal.clients.operations import forget_client
from portal.clients.queries import find_client
from portal.clients.rules import client_number
from portal.web.actor import Actor

TABLES = ("client", "contact_point")


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
            "source": client.source,
            "since": client.created_at.isoformat(),
        },
        "contact_points": [
            {
                "channel": point.channel,
                "address": point.address,
                "state": point.state,
                "since": point.created_at.isoformat(),
            }
            for point in client.contact_points
        ],
    }


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:
    """Empties the client and their addresses; says how many rows of each table were emptied."""
    client = find_client(client_id)
    if client is None or client.full_name is None:
        return dict.fromkeys(TABLES, 0)
    return {"client": 1, "contact_point": forget_client(client, actor)}
