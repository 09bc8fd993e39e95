"""Receiving requests. Answering them begins with the proof of who asked, and that is not done here."""

import uuid

from sqlalchemy import select

from portal.audit.operations import record
from portal.clients.models import Client
from portal.db import db, new_id, utc_now
from portal.privacy.events import PrivacyEvent
from portal.privacy.models import PrivacyRequest, RequestKind, RequestOrigin, RequestState
from portal.privacy.queries import find_open_request, list_requests_of
from portal.web.actor import Actor


def receive_request(
    client_id: uuid.UUID,
    kind: RequestKind,
    origin: RequestOrigin,
    actor: Actor,
    *,
    contact_point_id: uuid.UUID | None = None,
) -> PrivacyRequest:
    """
    Writes down that somebody asked for the data of this client, or for their erasure, and when.

    Asking again while the first is open changes nothing: the first date is the one the law counts from. Nothing is
    handed out or erased by this, because whoever holds a link need not be the person.
    """
    # Two at once get one request: the client's row is held until the commit.
    db.session.execute(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))
    known = find_open_request(client_id, kind)
    asked = known or _write_down(client_id, kind, origin, contact_point_id)
    action = PrivacyEvent.REPEAT if known else PrivacyEvent.RECEIVE
    record(action, actor, object_type="privacy_request", object_id=asked.id, subject_ref=client_id, reason=str(kind))
    return asked


def move_requests(kept_id: uuid.UUID, gone_id: uuid.UUID, actor: Actor) -> list[str]:
    """
    Gives the requests of a client who turned out to be another one to the client who is kept; says how many.

    Where both ask for the same, one request stays open, with the earlier of their dates.
    """
    asked = list_requests_of(gone_id)
    for request in asked:
        double = find_open_request(kept_id, request.kind) if request.state == RequestState.RECEIVED else None
        if double is None:
            request.client_id = kept_id
        else:
            double.received_at = min(double.received_at, request.received_at)
            db.session.delete(request)
        db.session.flush()
        moved_id = (double or request).id
        record(PrivacyEvent.MOVE, actor, object_type="privacy_request", object_id=moved_id, subject_ref=kept_id)
    return [f"{len(asked)} request{'' if len(asked) == 1 else 's'} moved"] if asked else []


def _write_down(
    client_id: uuid.UUID, kind: RequestKind, origin: RequestOrigin, contact_point_id: uuid.UUID | None
) -> PrivacyRequest:
    asked = PrivacyRequest(
        id=new_id(),
        client_id=client_id,
        kind=str(kind),
        state=str(RequestState.RECEIVED),
        origin=str(origin),
        contact_point_id=contact_point_id,
        received_at=utc_now(),
    )
    db.session.add(asked)
    db.session.flush()
    return asked
