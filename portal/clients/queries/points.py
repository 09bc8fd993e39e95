"""Contact points of clients, and the numbers that came without a country."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.clients.models import ContactPoint, PointState
from portal.db import db


def points_of(client_id: uuid.UUID) -> Sequence[ContactPoint]:
    """The addresses of a client that were not taken away, by channel, the oldest first."""
    mine = (ContactPoint.client_id == client_id) & (ContactPoint.state != PointState.ERASED)
    return db.session.scalars(select(ContactPoint).where(mine).order_by(ContactPoint.channel, ContactPoint.id)).all()


def find_point(client_id: uuid.UUID, point_id: uuid.UUID) -> ContactPoint | None:
    """One of these addresses; another client's is not found."""
    return next((point for point in points_of(client_id) if point.id == point_id), None)


def count_raw_points() -> int:
    """How many numbers have no country yet."""
    return db.session.scalar(select(func.count()).where(ContactPoint.state == PointState.RAW)) or 0


def list_raw_points(after: uuid.UUID, limit: int) -> Sequence[ContactPoint]:
    """Numbers without a country with their clients, kept from changing; those that somebody else holds are left out."""
    query = select(ContactPoint).options(joinedload(ContactPoint.client, innerjoin=True))
    query = query.where(ContactPoint.state == PointState.RAW, ContactPoint.id > after)
    held = query.order_by(ContactPoint.id).limit(limit).with_for_update(of=ContactPoint, skip_locked=True)
    return db.session.scalars(held).all()
