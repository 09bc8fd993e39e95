"""What the pages show of one client: the matrix as it is now, and as the portal knew it at a moment before."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.consent.models import ConsentEvent, TopicWording
from portal.consent.queries.ledger import list_channels
from portal.consent.queries.states import standings, state_at
from portal.consent.queries.topics import list_topics
from portal.consent.rules.matrix import Matrix, laid_out
from portal.consent.rules.standing import Now, Place
from portal.db import utc_now


def matrix_now(session: Session, client_id: uuid.UUID) -> Matrix:
    """What counts now, as the send gate reads it."""
    return _matrix(session, client_id, standings(session, [client_id])[client_id], utc_now())


def matrix_at(session: Session, client_id: uuid.UUID, at: datetime) -> Matrix:
    """What the portal knew at a moment."""
    return _matrix(session, client_id, state_at(session, client_id, at), at)


def count_events(session: Session, client_id: uuid.UUID) -> int:
    """How many events the client's ledger has."""
    query = select(func.count()).select_from(ConsentEvent).where(ConsentEvent.client_id == client_id)
    return session.execute(query).scalar_one()


def read_wordings(session: Session, client_id: uuid.UUID) -> dict[uuid.UUID, TopicWording]:
    """The wordings that the client's events name."""
    named = select(ConsentEvent.wording_id).where(ConsentEvent.client_id == client_id)
    query = select(TopicWording).where(TopicWording.id.in_(named)).order_by(TopicWording.id)
    return {wording.id: wording for wording in session.scalars(query)}


def _matrix(session: Session, client_id: uuid.UUID, now: dict[Place, Now], moment: datetime) -> Matrix:
    asked = select(ConsentEvent).where(ConsentEvent.id.in_([there.event_id for there in now.values()]))
    events = {event.id: event for event in session.scalars(asked.order_by(ConsentEvent.seq))}
    read = select(TopicWording).where(TopicWording.id.in_([event.wording_id for event in events.values()]))
    wordings = {wording.id: wording for wording in session.scalars(read.order_by(TopicWording.id))}
    return laid_out(list_topics(), list_channels(client_id), now, events, wordings, moment)
