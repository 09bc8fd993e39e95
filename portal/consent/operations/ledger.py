"""Writing down that a client agreed or withdrew: event, evidence, current state and audit row in one transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.audit.operations import record
from portal.audit.rules.text import shortened_address
from portal.clients.models import Client, ClientState
from portal.consent.events import ConsentAction
from portal.consent.models import (
    ConsentEvent,
    ConsentEvidence,
    ConsentState,
    Happening,
    Method,
    Standing,
    Topic,
)
from portal.consent.queries import find_last_event, find_state, find_wording, get_event
from portal.consent.rules.evidence import evidence_digest, evidence_text
from portal.consent.rules.grants import STANDING_AFTER, ConsentRefused, Grant, require_grant_counts
from portal.consent.rules.ledger import GENESIS, VERSION, Now, canonical, following
from portal.crypto.keyring import mac
from portal.crypto.purposes import Purpose
from portal.db import db, new_id, utc_now
from portal.web.actor import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Said:
    """What one event says, before it has its place in the chain."""

    client_id: uuid.UUID
    topic: Topic
    channel: str
    event: Happening
    method: Method
    evidence: str
    occurred_at: datetime
    wording_id: uuid.UUID | None = None
    contact_point_id: uuid.UUID | None = None


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
) -> ConsentEvent:
    """
    Writes down that the client agreed, with the words they read and where the proof is.

    Raises ConsentRefused, in a sentence for people, for what would prove nothing: also for a consent older than the
    client's own withdrawal, which only a fresh one lifts.
    """
    if _hold_ledger(client_id) != ClientState.ACTIVE:
        raise ConsentRefused("This client is not active, so no consent can be written down.")
    now = utc_now()
    topic = db.session.get_one(Topic, topic_id)
    _require_own_wording(topic, wording_id)
    state = find_state(db.session(), client_id, topic_id, channel)
    grant = Grant(topic.legal_basis, wording_id is not None, method, evidence.strip(), occurred_at or now)
    standing = Standing(state.state) if state else Standing.NONE
    require_grant_counts(grant, standing, state.since if state else None, now)
    said = Said(
        client_id, topic, channel, Happening.GRANTED, method, grant.evidence, grant.occurred_at, wording_id,
        contact_point_id,
    )  # fmt: skip
    return _append(said, state, actor)


def withdraw(  # noqa: PLR0913 - what is known of a withdrawal; each part is named at the call
    client_id: uuid.UUID,
    topic_id: uuid.UUID,
    channel: str,
    method: Method,
    actor: Actor,
    *,
    evidence: str = "",
    contact_point_id: uuid.UUID | None = None,
) -> ConsentEvent:
    """
    Stops this topic on this channel from now on. Always allowed, also for what was never agreed to.

    Withdrawing twice writes nothing and keeps the first date, because that is the date we must be able to prove.
    """
    _hold_ledger(client_id)
    state = find_state(db.session(), client_id, topic_id, channel)
    if state is not None and state.state == Standing.WITHDRAWN:
        return get_event(state.event_id)
    topic = db.session.get_one(Topic, topic_id)
    said = Said(
        client_id, topic, channel, Happening.WITHDRAWN, method, evidence.strip(), utc_now(),
        contact_point_id=contact_point_id,
    )  # fmt: skip
    return _append(said, state, actor)


def _hold_ledger(client_id: uuid.UUID) -> str:
    """Makes everybody else who writes about this client wait; the chain has one end at a time."""
    query = select(Client.state).where(Client.id == client_id).with_for_update(key_share=True)
    return db.session.execute(query).scalar_one()


def _require_own_wording(topic: Topic, wording_id: uuid.UUID | None) -> None:
    if wording_id is not None:
        wording = find_wording(wording_id)
        if wording is None or wording.topic_id != topic.id:
            raise ConsentRefused("This wording asks for another topic.")


def _append(said: Said, state: ConsentState | None, actor: Actor) -> ConsentEvent:
    last = find_last_event(db.session(), said.client_id)
    event = ConsentEvent(
        id=new_id(),
        client_id=said.client_id,
        seq=last.seq + 1 if last else 1,
        contact_point_id=said.contact_point_id,
        topic_id=said.topic.id,
        channel=str(said.channel),
        wording_id=said.wording_id,
        event=str(said.event),
        method=str(said.method),
        actor_kind=str(actor.kind),
        actor_id=actor.id,
        actor_label=actor.label,
        occurred_at=said.occurred_at,
        recorded_at=utc_now(),
        prev=last.mac if last else GENESIS,
        version=VERSION,
    )
    # Staff's own network proves nothing about the client; a client's is kept cut short.
    network = shortened_address(actor.ip) if actor.ip and actor.kind is ActorKind.CLIENT else ""
    text = evidence_text(said.evidence, network)
    event.evidence_digest = evidence_digest(event.id, text) if text else None
    event.key_id, event.mac = mac(Purpose.AUDIT, canonical(event))
    db.session.add(event)
    db.session.flush()
    _keep_evidence(event, text)
    _move(event, state)
    _note(event, said.topic, actor)
    return event


def _keep_evidence(event: ConsentEvent, text: str) -> None:
    if text:
        row = ConsentEvidence(id=new_id(), event_id=event.id)
        row.evidence = text
        db.session.add(row)


def _move(event: ConsentEvent, state: ConsentState | None) -> None:
    before = Now(Standing(state.state), state.since, state.event_id) if state else None
    now = following(before, event)
    if state is None:
        state = ConsentState(client_id=event.client_id, topic_id=event.topic_id, channel=event.channel)
        db.session.add(state)
    state.state, state.since, state.event_id = now.state, now.since, now.event_id
    db.session.flush()


def _note(event: ConsentEvent, topic: Topic, actor: Actor) -> None:
    agreed = STANDING_AFTER[Happening(event.event)] is not Standing.WITHDRAWN
    record(
        ConsentAction.GRANT if agreed else ConsentAction.WITHDRAW,
        actor,
        object_type="consent_event",
        object_id=event.id,
        subject_ref=event.client_id,
        reason=f"{topic.key} by {event.channel}, {event.method}",
    )
