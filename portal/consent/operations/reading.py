"""Looks at what a client agreed to at a moment before; each is an entry of the audit log before anything is shown."""

import uuid
from datetime import datetime

from portal.audit.operations import record_read
from portal.consent.events import ConsentAction
from portal.web.actor import Actor


def note_state_viewed(client_id: uuid.UUID, at: datetime, actor: Actor) -> None:
    """Notes a look at where a client stood at a moment; commit before it is shown."""
    record_read(
        ConsentAction.VIEW_STATE_AT,
        actor,
        subject_refs=[client_id],
        object_type="client",
        object_id=client_id,
        reason=f"as of {at.isoformat(timespec='seconds')}",
    )
