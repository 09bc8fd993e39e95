"""What messages hold about a person: what was written to them, the values in it, and what simulation caught."""

import json
import uuid
from typing import Any

from portal.messages.operations.erasure import forget_messages
from portal.messages.queries import list_messages_of
from portal.web.actor import Actor

TABLES = ("message", "captured_email", "captured_sms")


def export_for(client_id: uuid.UUID) -> dict[str, Any]:
    """Every message to this client in clear, the oldest first; whoever asks has put the look into the log before."""
    return {
        "messages": [
            {
                "channel": row.channel,
                "state": row.state,
                "queued_at": row.created_at.isoformat(),
                "accepted_at": row.accepted_at.isoformat() if row.accepted_at else None,
                "fields": json.loads(row.fields) if row.fields else {},
            }
            for row in list_messages_of(client_id)
        ]
    }


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:
    """Ends what still waits, empties the values and deletes what was caught; says how many rows of each table."""
    return dict(zip(TABLES, forget_messages(client_id, actor), strict=True))
