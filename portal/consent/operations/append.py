"""Puts events at the end of held chains: event, evidence, current state and audit rows in a handful of statements."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit.operations import AccessType, record_read
from portal.audit.rules.text import shortened_address
from portal.clients.models import ContactPoint
from portal.consent.events import ConsentAction
from portal.consent.models import (
    ConsentEvent,
    ConsentEvidence,
    ConsentState,
    Happening,
    Method,
    Standing,
    Topic,
    TopicWording,
)
from portal.consent.operations.held import Ledger
from portal.consent.rules.contact import contact_hmac
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
    if not said:
        return []
    points = _points(session, said)
    moved: dict[tuple[uuid.UUID, Place], Now] = {}
    events, evidence = [], []
    for one in said:
        ledger = ledgers[one.client_id]
        event = _event(one, ledger, _point(points[one.client_id], one), actor)
        text = evidence_text(one.evidence.strip(), _network(actor))
        if text:
            event.evidence_digest = evidence_digest(event.id, text)
            evidence.append(_kept(event, text))
        event.key_id, event.mac = mac(Purpose.AUDIT, canonical(event))
        ledger.seq, ledger.end = event.seq, event.mac
        ledger.now[one.place] = moved[one.client_id, one.place] = following(ledger.now.get(one.place), event)
        events.append(event)
    session.add_all(events)
    session.flush()
    session.add_all(evidence)
    session.flush()
    _move(session, moved)
    _note(session, said, events, actor)
    return events


def _points(session: Session, said: Iterable[Said]) -> dict[uuid.UUID, list[ContactPoint]]:
    query = select(ContactPoint).where(ContactPoint.client_id.in_({one.client_id for one in said}))
    found = defaultdict(list)
    for point in session.scalars(query.order_by(ContactPoint.id)):
        found[point.client_id].append(point)
    return found


def _point(points: Sequence[ContactPoint], said: Said) -> ContactPoint | None:
    """The address it was said for: the one that was named, or the only one there is on the channel."""
    if said.carried:
        return None
    if said.contact_point_id is not None:
        return next((point for point in points if point.id == said.contact_point_id), None)
    there = [point for point in points if point.channel == said.channel]
    return there[0] if len(there) == 1 else None


def _event(said: Said, ledger: Ledger, point: ContactPoint | None, actor: Actor) -> ConsentEvent:
    wording = said.wording
    return ConsentEvent(
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


def _kept(event: ConsentEvent, text: str) -> ConsentEvidence:
    row = ConsentEvidence(id=new_id(), event_id=event.id)
    row.evidence = text
    return row


def _move(session: Session, moved: Mapping[tuple[uuid.UUID, Place], Now]) -> None:
    table = ConsentState.__table__
    query = insert(table)  # type: ignore[arg-type]
    fresh = {name: query.excluded[name] for name in Now.__slots__}
    query = query.on_conflict_do_update(index_elements=list(table.primary_key), set_=fresh)
    rows = [
        {"client_id": client_id, "topic_id": topic_id, "channel": channel, **asdict(now)}
        for (client_id, (topic_id, channel)), now in moved.items()
    ]
    session.connection().execute(query, rows)


def _note(session: Session, said: Sequence[Said], events: Sequence[ConsentEvent], actor: Actor) -> None:
    """One entry for what many clients said alike, naming each; one alone also names its event."""
    alike: dict[tuple[str, str], list[ConsentEvent]] = defaultdict(list)
    for one, event in zip(said, events, strict=True):
        alike[event.event, f"{one.topic.key} by {event.channel}, {event.method}"].append(event)
    for (happening, reason), of_them in alike.items():
        record_read(
            ACTIONS[Happening(happening)],
            actor,
            subject_refs=[event.client_id for event in of_them],
            access_type=AccessType.CHANGE,
            object_type="consent_event",
            object_id=of_them[0].id if len(of_them) == 1 else "",
            reason=reason,
            session=session,
        )
