"""Double opt-in: what a person asks for waits until they confirm it from the address itself; both events are kept."""

import uuid

from sqlalchemy import select

from portal.clients.models import Client, ContactPoint
from portal.consent.models import ConsentEvent, Happening, Method, Standing, Topic
from portal.consent.operations.append import NOWHERE, Said
from portal.consent.operations.ledger import active_ledger, own_wording, written
from portal.consent.operations.suppression import lift_by_person
from portal.consent.queries import find_wording
from portal.consent.rules.contact import is_said_for
from portal.consent.rules.grants import Grant, RequestOver, require_asked, require_confirmable
from portal.consent.rules.origin import Origin
from portal.consent.rules.standing import REQUEST_WAITS
from portal.db import db, utc_now
from portal.web.actor import Actor


def request_consent(  # noqa: PLR0913 - what proves a request; each part is named at the call
    client_id: uuid.UUID,
    topic_id: uuid.UUID,
    channel: str,
    wording_id: uuid.UUID | None,
    method: Method,
    actor: Actor,
    *,
    evidence: str = "",
    contact_point_id: uuid.UUID | None = None,
    origin: Origin | None = None,
) -> ConsentEvent:
    """
    Writes down that somebody asked for this topic; nothing is sent on it before they confirm.

    What they said before stands until then. A request for the same place takes the turn of the one before. The caller
    hands the event to the slot CONSENT_REQUESTED in the same transaction, so that the question goes out.
    """
    ledger, topic = active_ledger(client_id), db.session.get_one(Topic, topic_id)
    now, wording = utc_now(), own_wording(topic, wording_id)
    require_asked(Grant(topic.legal_basis, wording is not None, method, evidence.strip(), now, channel, ledger.country))
    said = Said(
        client_id, topic, channel, Happening.REQUESTED, method, now, evidence, wording, contact_point_id,
        origin or NOWHERE, expires_at=now + REQUEST_WAITS,
    )  # fmt: skip
    return written(ledger, said, actor)


def confirm_consent(
    request_event_id: uuid.UUID, method: Method, actor: Actor, *, evidence: str = "", origin: Origin | None = None
) -> ConsentEvent:
    """
    Turns the request that waits into a consent, from the moment of confirming. Again, it answers the same event.

    Raises RequestOver for a request that waited more than 14 days, that a newer one took the turn of, or after which
    the person said no. It also takes their own opt-out of this address off the suppression list; no other entry.
    """
    session = db.session()
    request = _waiting(request_event_id)
    ledger = active_ledger(request.client_id)
    there = ledger.now.get((request.topic_id, request.channel))
    done = _answer(request.client_id, request.id, Happening.CONFIRMED)
    if done is not None and there is not None and there.state is Standing.GRANTED:
        return done
    now = utc_now()
    require_confirmable(request, there, now)
    said = Said(
        request.client_id, session.get_one(Topic, request.topic_id), request.channel, Happening.CONFIRMED, method, now,
        evidence, find_wording(request.wording_id) if request.wording_id else None, request.contact_point_id,
        origin or NOWHERE, request.id,
    )  # fmt: skip
    point = _confirming_point(request)
    event = written(ledger, said, actor)
    if point is not None and point.address:
        lift_by_person(session, point.channel, point.address, actor)
    return event


def _confirming_point(request: ConsentEvent) -> ContactPoint | None:
    """The address that was asked, which has to be the client's still: a confirmation speaks for no other one."""
    if request.contact_point_id is None:
        return None
    point = db.session.get(ContactPoint, request.contact_point_id, populate_existing=True)
    asked = request.contact_point_hmac
    if point is None or point.client_id != request.client_id:
        raise RequestOver("The address that was asked is no longer kept, so there is nothing to confirm. Ask again.")
    if asked is not None and not is_said_for(point.channel, point.address or "", asked):
        raise RequestOver("The address has changed since it was asked. Ask again.")
    return point


def _waiting(request_event_id: uuid.UUID) -> ConsentEvent:
    """The request, or what took its place where its client was joined with another one."""
    request = db.session.get(ConsentEvent, request_event_id)
    if request is None:
        raise RequestOver("This request is not known.")
    kept_id = db.session.scalar(select(Client.merged_into_id).where(Client.id == request.client_id))
    moved = _answer(kept_id, request.id, Happening.MERGED) if kept_id else None
    return moved or request


def _answer(client_id: uuid.UUID, request_id: uuid.UUID, happening: Happening) -> ConsentEvent | None:
    query = select(ConsentEvent).where(ConsentEvent.client_id == client_id, ConsentEvent.event == happening)
    return db.session.scalar(query.where(ConsentEvent.refers_to_id == request_id).order_by(ConsentEvent.seq).limit(1))
