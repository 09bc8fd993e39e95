"""The requests of people, for pages and for one person."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.privacy.models import PrivacyRequest, RequestState


def find_open_request(client_id: uuid.UUID, kind: str) -> PrivacyRequest | None:
    """The request of this kind that is not answered yet; there is one at most."""
    same = (PrivacyRequest.client_id == client_id) & (PrivacyRequest.kind == kind)
    return db.session.scalar(select(PrivacyRequest).where(same, PrivacyRequest.state == RequestState.RECEIVED))


def list_open_requests(limit: int) -> Sequence[PrivacyRequest]:
    """What waits for an answer, the oldest first."""
    waiting = select(PrivacyRequest).where(PrivacyRequest.state == RequestState.RECEIVED)
    return db.session.scalars(waiting.order_by(PrivacyRequest.received_at, PrivacyRequest.id).limit(limit)).all()


def list_requests_of(client_id: uuid.UUID, limit: int | None = None) -> Sequence[PrivacyRequest]:
    """Everything one client ever asked, the newest first."""
    theirs = select(PrivacyRequest).where(PrivacyRequest.client_id == client_id)
    return db.session.scalars(theirs.order_by(PrivacyRequest.received_at.desc(), PrivacyRequest.id).limit(limit)).all()
