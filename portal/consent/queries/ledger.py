"""The ledger of one client and where it leaves them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from portal.clients.models import ContactPoint
from portal.clients.queries import ids_of
from portal.consent.models import ConsentEvent, ConsentEvidence, Happening
from portal.db import db

ACTS = tuple(set(Happening) - {Happening.EXPIRED, Happening.REQUESTED, Happening.MERGED})


def get_event(event_id: uuid.UUID) -> ConsentEvent:
    """One event; it must be there."""
    return db.session.get_one(ConsentEvent, event_id)


def list_events(
    client_id: uuid.UUID, limit: int | None = None
) -> Sequence[tuple[ConsentEvent, ConsentEvidence | None]]:
    """The client's events with what is left of their evidence, the newest first."""
    query = (
        select(ConsentEvent, ConsentEvidence)
        .outerjoin(ConsentEvidence, ConsentEvidence.event_id == ConsentEvent.id)
        .where(ConsentEvent.client_id == client_id)
        .order_by(ConsentEvent.seq.desc())
        .limit(limit)
    )
    return [(event, evidence) for event, evidence in db.session.execute(query)]


def find_last_act(client_id: uuid.UUID) -> ConsentEvent | None:
    """When the person last said what they want, under whatever number they were known; an end by itself is no act."""
    acts = ConsentEvent.client_id.in_(ids_of(client_id)) & ConsentEvent.event.in_(ACTS)
    newest = select(ConsentEvent).where(acts).order_by(ConsentEvent.occurred_at.desc(), ConsentEvent.id.desc())
    return db.session.scalar(newest.limit(1))


def find_contact_point(contact_point_id: uuid.UUID) -> ContactPoint | None:
    """The address a link was made for, if it still stands."""
    return db.session.get(ContactPoint, contact_point_id)


def list_channels(client_id: uuid.UUID) -> Sequence[str]:
    """The channels on which the client has an address."""
    return db.session.scalars(
        select(ContactPoint.channel)
        .where(ContactPoint.client_id == client_id)
        .order_by(ContactPoint.channel, ContactPoint.id)
    ).all()
