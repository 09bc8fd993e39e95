"""How clients want to be written to, for many at once."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import ClientPreference, Frequency
from portal.clients.rules.wishes import Preference


def preference_of(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Preference]:
    """The wishes of each of these clients; of those who said nothing, that anything suits them."""
    rows = session.scalars(select(ClientPreference).where(ClientPreference.client_id.in_(set(client_ids))))
    said = {
        row.client_id: Preference(
            tuple(row.channel_order), row.contact_from, row.contact_until, Frequency(row.frequency)
        )
        for row in rows
    }
    return dict.fromkeys(client_ids, Preference()) | said
