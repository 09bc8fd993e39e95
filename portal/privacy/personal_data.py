"""What requests hold about a person: what they asked, and when."""

import uuid
from typing import Any

from portal.privacy.queries import list_requests_of
from portal.web.actor import Actor

TABLES = ("privacy_request",)


def export_for(client_id: uuid.UUID) -> dict[str, Any]:
    """Every request of this client, the newest first."""
    return {
        "requests": [
            {
                "kind": asked.kind,
                "state": asked.state,
                "origin": asked.origin,
                "received": asked.received_at.isoformat(),
            }
            for asked in list_requests_of(client_id)
        ]
    }


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:  # noqa: ARG001 - the same for every feature
    """Takes nothing away: that a request came in, and when, proves the erasure itself, and the rows name nobody."""
    return dict.fromkeys(TABLES, 0)
