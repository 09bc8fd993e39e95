"""Puts events at the end of held chains: event, evidence, current state and audit rows in a handful of statements."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Uuid, any_, cast, select
from sqlalchemy.orm import Session

from portal.audit.operations import AccessType, record_read
from portal.audit.rules.text import shortened_address
from portal.clients.models import ContactPoint, PointState
from portal.consent.events import ConsentAction
from portal.consent.models import (
    ConsentEvent,
    ConsentEvidence,
    Happening,
    Method,
    Standing,
    Topic,
    TopicWording,
)
from portal.consent.operations.held import Ledger
from portal.consent.operations.store import copy_entries, move
from portal.consent.rules.contact import contact_hmac
from portal.consent.rules.entry import Entry
from portal.consent.rules.evidence import evidence_digest, evidence_text
from portal.consent.rules.ledger import VERSION, canonical
from portal.consent.rules.origin import Origin, kind_of_program, name_of, page_of
from portal.consent.rules.standing import Now, Place, following
from portal.crypto.keyring import mac
from portal.crypto.purposes import Purpose
from portal.db import new_id, utc_now
from portal.web.actor import Actor, ActorKind

NOWHERE = Origin()
ACTIONS = {
    Happening.REQUESTED: ConsentAction.REQUEST,
    Happening.CONFIRMED: ConsentAction.CONFIRM,
    Happening.GRANTED: ConsentAction.GRANT,
    Happening.WITHDRAWN: ConsentAction.WITHDRAW,
    Happening.REFUSED: ConsentAction.REFUSE,
    Happening.EXPIRED: ConsentAction.EXPIRE,
    Happening.IMPORTED: ConsentAction.IMPORT,
    Happening.RENEWED: ConsentAction.RENEW,
    Happening.MERGED: ConsentAction.MERGE,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What one event says, before it has its place in the chain."""

    client_id: uuid.UUID
    topic: Topic
    channel: str
    event: Happening
    method: Method
    occurred_at: datetime
    evidence: str = ""
    wording: TopicWording | None = None
    contact_point_id: uuid.UUID | None = None
    origin: Origin = NOWHERE
    refers_to_id: uuid.UUID | None = None
    carried: Standing | None = None
    expires_at: datetime | None = None
    contact_point_hmac: bytes | None = None

    @property
    def place(self) -> Place:
        """The topic and channel it is about."""
        return self.topic.id, str(self.channel)


def append(
    session: Session, ledgers: Mapping[uuid.UUID, Ledger], said: Sequence[Said], actor: Actor
) -> list[ConsentEvent]:
    """Adds what was said, in this order, to chains that the caller holds; the events as they stand there."""
    ids = append_many(session, ledgers, said, actor)
    query = select(ConsentEvent).where(ConsentEvent.id.in_(ids)).order_by(ConsentEvent.client_id, ConsentEvent.seq)
    found = {event.id: event for event in session.scalars(query)} if ids else {}
    return [found[event_id] for event_id in ids]


def append_many(
    session: Session, ledgers: Mapping[uuid.UUID, Ledger], said: Sequence[Said], actor: Actor
) -> list[uuid.UUID]:
    """The same for thousands: answers only the ids of the events."""
    if not said:
        return []
    points = _points(session, said)
    moved: dict[tuple[uuid.UUID, Place], Now] = {}
    entries, evidence = [], []
    for one in said:
        ledger = ledgers[one.client_id]
        entry = _entry(one, ledger, _point(points[one.client_id], one), actor)
        if text := evidence_text(one.evidence.strip(), _network(actor)):
            entry.evidence_digest = evidence_digest(entry.id, text)
            evidence.append(_kept(entry.id, text))
        entry.key_id, entry.mac = mac(Purpose.AUDIT, canonical(entry))
        ledger.seq, ledger.end = entry.seq, entry.mac
        ledger.now[one.place] = moved[one.client_id, one.place] = following(ledger.now.get(one.place), entry)
        entries.append(entry)
    session.flush()
    copy_entries(session, entries)
    session.add_all(evidence)
    move(session, moved)
    _note(session, said, entries, actor)
    return [entry.id for entry in entries]


def _points(session: Session, said: Iterable[Said]) -> dict[uuid.UUID, list[ContactPoint]]:
    wanted = cast(list({one.client_id for one in said}), ARRAY(Uuid))
    query = select(ContactPoint).where(ContactPoint.client_id == any_(wanted))
    found = defaultdict(list)
    for point in session.scalars(query.order_by(ContactPoint.id)):
        found[point.client_id].append(point)
    return found


def _point(points: Sequence[ContactPoint], said: Said) -> ContactPoint | None:
    """
    The address it was said for: the one that was named, or the only one there is on the channel.

    A request is said for the address that will be asked, which is the oldest that works.
    """
    if said.carried:
        return None
    if said.contact_point_id is not None:
        return next((point for point in points if point.id == said.contact_point_id), None)
    there = [point for point in points if point.channel == said.channel and point.state != PointState.ERASED]
    if said.event is Happening.REQUESTED:
        there = [point for point in there if point.state == PointState.USABLE][:1] or there
    return there[0] if len(there) == 1 else None


def _entry(said: Said, ledger: Ledger, point: ContactPoint | None, actor: Actor) -> Entry:
    wording = said.wording
    return Entry(
        id=new_id(),
        client_id=said.client_id,
        seq=ledger.seq + 1,
        contact_point_id=point.id if point else said.contact_point_id,
        topic_id=said.topic.id,
        channel=str(said.channel),
        wording_id=wording.id if wording else None,
        event=str(said.event),
        method=str(said.method),
        actor_kind=str(actor.kind),
        actor_id=actor.id,
        actor_label=actor.label,
        occurred_at=said.occurred_at,
        recorded_at=utc_now(),
        topic_version=said.topic.version,
        legal_basis=str(said.topic.legal_basis),
        statement_sha256=wording.text_sha256 if wording else None,
        language=wording.language if wording else None,
        jurisdiction=ledger.country,
        source_url=page_of(said.origin.url),
        source_name=name_of(said.origin.name),
        user_agent=kind_of_program(said.origin.user_agent),
        contact_point_hmac=contact_hmac(point.channel, point.address)
        if point and point.address
        else said.contact_point_hmac,
        refers_to_id=said.refers_to_id,
        carried=said.carried and str(said.carried),
        expires_at=said.expires_at,
        prev=ledger.end,
        version=VERSION,
    )


def _network(actor: Actor) -> str:
    # Staff's own network proves nothing about the client; a client's is kept cut short.
    return shortened_address(actor.ip) if actor.ip and actor.kind is ActorKind.CLIENT else ""


def _kept(event_id: uuid.UUID, text: str) -> ConsentEvidence:
    row = ConsentEvidence(id=new_id(), event_id=event_id)
    row.evidence = text
    return row


def _note(session: Session, said: Sequence[Said], entries: Sequence[Entry], actor: Actor) -> None:
    """One entry for what many clients said alike, naming each; one alone also names its event."""
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for one, entry in zip(said, entries, strict=True):
        alike[entry.event, f"{one.topic.key} by {entry.channel}, {entry.method}"].append(entry)
    for (happening, reason), of_them in alike.items():
        record_read(
            ACTIONS[Happening(happening)],
            actor,
            subject_refs=[entry.client_id for entry in of_them],
            access_type=AccessType.CHANGE,
            object_type="consent_event",
            object_id=of_them[0].id if len(of_them) == 1 else "",
            reason=reason,
            session=session,
        )
