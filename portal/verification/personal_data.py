"""What verifications hold about a person: that a number was proved, when and what for; never the number."""

import uuid
from typing import Any

from portal.db import db
from portal.verification.operations import unlink
from portal.verification.queries import list_verifications_of
from portal.web.actor import Actor

TABLES = ("verification",)


def export_for(client_id: uuid.UUID) -> dict[str, Any]:
    """Every verification of this client, the oldest first; whoever asks has put the look into the log before."""
    return {
        "verifications": [
            {
                "channel": row.channel,
                "purpose": row.purpose,
                "state": row.state,
                "started_at": row.started_at.isoformat(),
                "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
            }
            for row in reversed(list_verifications_of(db.session(), client_id))
        ]
    }


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:
    """Unlinks the verifications from the client; says how many rows that were."""
    return {"verification": unlink(client_id, actor)}
