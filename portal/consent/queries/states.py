"""Where clients stand: as it is kept now, and as the portal knew it at any moment before."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ARRAY, Uuid, any_, cast, select
from sqlalchemy.orm import Session

from portal.consent.models import ConsentEvent, ConsentState, Standing
from portal.consent.rules.standing import Now, Place, fold, lapsed
from portal.db import db

# The columns of a state in the order of Now.
STATE = (
    ConsentState.state,
    ConsentState.since,
    ConsentState.event_id,
    ConsentState.expires_at,
    ConsentState.pending_id,
    ConsentState.pending_until,
)


def standings(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[Place, Now]]:
    """What the ledgers of these clients say now, by topic and channel, read anew from the database."""
    query = select(ConsentState.client_id, ConsentState.topic_id, ConsentState.channel, *STATE)
    query = query.where(ConsentState.client_id == any_(cast(list(client_ids), ARRAY(Uuid))))
    order = ConsentState.client_id, ConsentState.topic_id, ConsentState.channel
    found: dict[uuid.UUID, dict[Place, Now]] = defaultdict(dict)
    for row in session.execute(query.order_by(*order)):
        found[row[0]][row[1], row[2]] = Now(Standing(row[3]), row[4], row[5], row[6], row[7], row[8])
    return found


def state_at(session: Session, client_id: uuid.UUID, at: datetime) -> dict[Place, Now]:
    """
    Where the client stood at a moment, by topic and channel, as the portal knew it then.

    Events count from when they were written down, so a consent on paper that came in later is not in it; what had
    ended by then has ended, whether or not that was written down.
    """
    return {place: lapsed(there, at) for place, there in fold(events_until(session, client_id, at)).items()}


def events_until(session: Session, client_id: uuid.UUID, at: datetime) -> Sequence[ConsentEvent]:
    """The client's events that were written down by a moment, in their order."""
    query = select(ConsentEvent).where(ConsentEvent.client_id == client_id, ConsentEvent.recorded_at <= at)
    return session.scalars(query.order_by(ConsentEvent.seq)).all()


def list_states(client_id: uuid.UUID) -> Sequence[ConsentState]:
    """Where the client stands on everything they were ever asked."""
    query = select(ConsentState).where(ConsentState.client_id == client_id)
    ordered = query.order_by(ConsentState.topic_id, ConsentState.channel)
    return db.session.scalars(ordered, execution_options={"populate_existing": True}).all()
