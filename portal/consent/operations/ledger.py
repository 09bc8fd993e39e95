"""Writing down that a client agreed, agreed again, said no, or withdrew: one topic on one channel."""

import uuid
from dataclasses import replace
from datetime import datetime

from portal.clients.models import ClientState
from portal.consent.models import ConsentEvent, Happening, Method, Standing, Topic, TopicWording
from portal.consent.operations.append import NOWHERE, Said, append
from portal.consent.operations.held import Ledger, hold_ledger
from portal.consent.queries import find_wording, get_event
from portal.consent.rules.grants import UNPROVED, ConsentRefused, Grant, require_grant_counts
from portal.consent.rules.origin import Origin
from portal.consent.rules.standing import OPPOSED, REQUEST_WAITS
from portal.db import db, utc_now
from portal.web.actor import Actor


def record_consent(  # noqa: PLR0913, PLR0917 - what proves a consent; each part is named at the call
    client_id: uuid.UUID,
    topic_id: uuid.UUID,
    channel: str,
    wording_id: uuid.UUID | None,
    method: Method,
    evidence: str,
    actor: Actor,
    *,
    occurred_at: datetime | None = None,
    contact_point_id: uuid.UUID | None = None,
    origin: Origin | None = None,
    expires_at: datetime | None = None,
) -> ConsentEvent:
    """
    Writes down that the client agreed, with the words they read and where the proof is.

    Where the topic asks for double opt-in and somebody else speaks for the person, the event is a request, which the
    person has to confirm. Raises ConsentRefused, in a sentence for people, for what would prove nothing: also for a
    consent older than the client's own no, which only a fresh one lifts.
    """
    ledger, topic = active_ledger(client_id), db.session.get_one(Topic, topic_id)
    now = utc_now()
    wording = own_wording(topic, wording_id)
    is_request = topic.double_opt_in and actor.kind in UNPROVED
    grant = Grant(
        topic.legal_basis, wording is not None, method, evidence.strip(), occurred_at or now, channel, ledger.country,
        expires_at,
    )  # fmt: skip
    require_grant_counts(grant, ledger.now.get((topic.id, channel)), now)
    said = Said(
        client_id, topic, channel, Happening.REQUESTED if is_request else Happening.GRANTED, method, grant.occurred_at,
        grant.evidence, wording, contact_point_id, origin or NOWHERE,
        expires_at=now + REQUEST_WAITS if is_request else expires_at,
    )  # fmt: skip
    return written(ledger, said, actor)


def renew_consent(  # noqa: PLR0913, PLR0917 - as above
    client_id: uuid.UUID,
    topic_id: uuid.UUID,
    channel: str,
    wording_id: uuid.UUID | None,
    method: Method,
    evidence: str,
    actor: Actor,
    *,
    expires_at: datetime | None = None,
    origin: Origin | None = None,
) -> ConsentEvent:
    """
    Writes down that the client agreed again to what they agree to now, or what has ended; it refers to that event.

    Raises ConsentRefused where there is nothing to renew: a no is lifted by record_consent alone.
    """
    ledger, topic = active_ledger(client_id), db.session.get_one(Topic, topic_id)
    before = ledger.now.get((topic.id, channel))
    if before is None or before.state not in {Standing.GRANTED, Standing.EXPIRED}:
        raise ConsentRefused("There is no consent that could be renewed. Record a new one.")
    if topic.double_opt_in and actor.kind in UNPROVED:
        raise ConsentRefused("The client confirms this topic themselves. Record a consent, and they will be asked.")
    now, wording = utc_now(), own_wording(topic, wording_id)
    grant = Grant(
        topic.legal_basis, wording is not None, method, evidence.strip(), now, channel, ledger.country, expires_at
    )
    require_grant_counts(grant, before, now)
    said = Said(
        client_id, topic, channel, Happening.RENEWED, method, now, grant.evidence, wording, None, origin or NOWHERE,
        before.event_id, expires_at=expires_at,
    )  # fmt: skip
    return written(ledger, said, actor)


def withdraw(  # noqa: PLR0913 - what is known of a withdrawal; each part is named at the call
    client_id: uuid.UUID,
    topic_id: uuid.UUID,
    channel: str,
    method: Method,
    actor: Actor,
    *,
    evidence: str = "",
    contact_point_id: uuid.UUID | None = None,
    origin: Origin | None = None,
) -> ConsentEvent:
    """
    Stops this topic on this channel from now on. Always allowed, also for what was never agreed to.

    Withdrawing twice writes nothing and keeps the first date, because that is the date we must be able to prove; only
    a request that waits for its confirmation is ended by one more event.
    """
    ledger = hold_ledger(db.session(), client_id)
    before = ledger.now.get((topic_id, channel))
    if before is not None and before.state is Standing.WITHDRAWN and before.pending_id is None:
        return get_event(before.event_id)
    topic = db.session.get_one(Topic, topic_id)
    said = Said(
        client_id, topic, channel, Happening.WITHDRAWN, method, utc_now(), evidence,
        contact_point_id=contact_point_id, origin=origin or NOWHERE,
    )  # fmt: skip
    return written(ledger, said, actor)


def refuse_consent(  # noqa: PLR0913 - as above
    client_id: uuid.UUID,
    topic_id: uuid.UUID,
    channel: str,
    method: Method,
    actor: Actor,
    *,
    wording_id: uuid.UUID | None = None,
    evidence: str = "",
    contact_point_id: uuid.UUID | None = None,
    origin: Origin | None = None,
) -> ConsentEvent:
    """Writes down that the client was asked and said no. A no or a withdrawal that stands already keeps its date."""
    ledger = hold_ledger(db.session(), client_id)
    before = ledger.now.get((topic_id, channel))
    if before is not None and before.state in OPPOSED and before.pending_id is None:
        return get_event(before.event_id)
    topic = db.session.get_one(Topic, topic_id)
    said = Said(
        client_id, topic, channel, Happening.REFUSED, method, utc_now(), evidence, own_wording(topic, wording_id),
        contact_point_id, origin or NOWHERE,
    )  # fmt: skip
    return written(ledger, said, actor)


def written(ledger: Ledger, said: Said, actor: Actor) -> ConsentEvent:
    """The one event that was said, at the end of its ledger, whoever else the client was known as."""
    own = replace(said, client_id=ledger.client_id)
    return append(db.session(), {ledger.client_id: ledger}, [own], actor)[0]


def own_wording(topic: Topic, wording_id: uuid.UUID | None) -> TopicWording | None:
    """The wording, which has to ask for this very topic."""
    if wording_id is None:
        return None
    wording = find_wording(wording_id)
    if wording is None or wording.topic_id != topic.id:
        raise ConsentRefused("This wording asks for another topic.")
    return wording


def active_ledger(client_id: uuid.UUID) -> Ledger:
    """The held ledger of a client who may agree to something."""
    ledger = hold_ledger(db.session(), client_id)
    if ledger.client_state != ClientState.ACTIVE:
        raise ConsentRefused("This client is not active, so no consent can be written down.")
    return ledger
