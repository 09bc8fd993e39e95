"""Asks the gate about claimed messages and marks the allowed ones as handed over, in one transaction before sending."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import Client
from portal.db import utc_now
from portal.gate.queries import facts_of
from portal.gate.rules import Answer, Reason, Verdict, decide
from portal.messages.models import Message, MessageState
from portal.messages.queries.standing import subject_of
from portal.messages.rules import Progress

SWITCH_WAIT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message that the gate allowed and that is marked as handed over; it may leave now."""

    id: uuid.UUID
    client_id: uuid.UUID
    contact_point_id: uuid.UUID
    topic_id: uuid.UUID
    version_id: uuid.UUID
    address: str
    client_name: str
    fields: str
    progress: Progress
    started_at: datetime


def check_and_mark(session: Session, token: uuid.UUID, message_ids: Sequence[uuid.UUID]) -> list[Handed]:
    """Those that may leave, marked as handed. The others are queued for later or ended, each with the gate's reason."""
    claimed = select(Message).where(Message.id.in_(message_ids), Message.lease_token == token)
    rows = session.scalars(claimed.where(Message.state == MessageState.CLAIMED).with_for_update()).all()
    facts = facts_of(session, [subject_of(row) for row in rows])
    names = client_names(session, {row.client_id for row in rows})
    now = utc_now()
    handed = []
    for row in sorted(rows, key=lambda row: message_ids.index(row.id)):
        known = facts[row.id]
        verdict = decide(known.facts, now)
        row.verdict, row.verdict_at = f"{verdict.answer}:{verdict.reason}", now
        if verdict.answer is Answer.ALLOW:
            handed.append(_hand(row, known.address, names.get(row.client_id, ""), now))
        else:
            _hold(row, verdict, now)
    return handed


def client_names(session: Session, client_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of clients; one that cannot be read is empty, so that a text which needs it is not filled in."""
    rows = session.scalars(select(Client).where(Client.id.in_(client_ids)))
    return {row.id: row.full_name or "" for row in rows}


def _hand(row: Message, address: str, client_name: str, now: datetime) -> Handed:
    row.state = MessageState.HANDED
    row.handed_at = now
    row.attempts += 1
    return Handed(
        id=row.id,
        client_id=row.client_id,
        contact_point_id=row.contact_point_id,
        topic_id=row.topic_id,
        version_id=row.version_id,
        address=address,
        client_name=client_name,
        fields=row.fields or "{}",
        progress=Progress(row.channel, row.attempts, row.resends, row.expires_at),
        started_at=now,
    )


def _hold(row: Message, verdict: Verdict, now: datetime) -> None:
    row.lease_token = row.lease_owner = row.lease_until = None
    row.reason = verdict.reason
    if verdict.answer is Answer.DEFER:
        row.state = MessageState.QUEUED
        row.due_at = verdict.until or now + SWITCH_WAIT
    else:
        late = verdict.reason is Reason.PAST_DEADLINE
        row.state = MessageState.EXPIRED if late else MessageState.SUPPRESSED
