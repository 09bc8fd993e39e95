"""Asks the gate about claimed messages and marks the allowed ones as handed over, in one transaction before sending."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from portal.db import new_id, utc_now
from portal.gate.queries import Known, facts_of
from portal.gate.rules import RULE_SET, Answer, HandOver, Verdict, decide
from portal.gate.rules.facts import after
from portal.messages.models import GateDecision, Message, MessageState
from portal.messages.queries.hand_overs import list_hand_overs
from portal.messages.queries.standing import subject_of
from portal.messages.rules import Progress

SWITCH_WAIT = timedelta(seconds=30)
# Two workers with messages to one client take turns, so that both cannot take the last place in its window.
TAKE_TURNS = text("SELECT pg_advisory_xact_lock(:kind, key) FROM unnest(CAST(:keys AS int[])) AS key")
KIND = 0x6361_7073


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
    claimed = claimed.where(Message.state == MessageState.CLAIMED).order_by(Message.id)
    rows = session.scalars(claimed.with_for_update()).all()
    known = facts_of(session, [subject_of(row) for row in rows], hand_overs_in_turn)
    now, handed, decisions = utc_now(), [], []
    for row, verdict in decided(sorted(rows, key=lambda row: message_ids.index(row.id)), known, now):
        if is_news(row, verdict):
            decisions.append(_decision(row, verdict, now))
        row.verdict, row.verdict_at = f"{verdict.answer}:{verdict.reason}", now
        if verdict.answer is Answer.ALLOW:
            handed.append(_hand(row, known[row.id], now))
        else:
            _hold(row, verdict, now)
    if decisions:
        session.execute(insert(GateDecision), decisions)
    return handed


def hand_overs_in_turn(session: Session, since: Mapping[uuid.UUID, datetime]) -> list[HandOver]:
    """What these clients got, as it stands once no other worker can hand anything to them before this one is done."""
    keys = sorted({int.from_bytes(client_id.bytes[-4:], signed=True) for client_id in since})
    session.execute(TAKE_TURNS, {"kind": KIND, "keys": keys})
    return list_hand_overs(session, since)


def decided(
    rows: Sequence[Message], known: Mapping[uuid.UUID, Known], now: datetime
) -> Iterator[tuple[Message, Verdict]]:
    """The gate's answers in turn; what is allowed counts for the later ones to the same client."""
    before: dict[uuid.UUID, list[HandOver]] = defaultdict(list)
    for row in rows:
        facts = known[row.id].facts
        for other in before[row.client_id]:
            facts = after(facts, other)
        verdict = decide(facts, now)
        if verdict.answer is Answer.ALLOW and facts.is_marketing:
            before[row.client_id].append(HandOver(row.id, row.client_id, row.topic_id, row.channel, now))
        yield row, verdict


def is_news(row: Message, verdict: Verdict) -> bool:
    """Whether an answer is worth a row: a message that waits for a switch is asked every 30 seconds."""
    is_same = row.verdict == f"{verdict.answer}:{verdict.reason}"
    return verdict.answer is not Answer.DEFER or verdict.until is not None or not is_same


def _decision(row: Message, verdict: Verdict, now: datetime) -> dict[str, object]:
    said = {"answer": verdict.answer, "reason": verdict.reason, "until": verdict.until}
    return {"id": new_id(), "message_id": row.id, "at": now, "rule_set": RULE_SET, **said}


def _hand(row: Message, known: Known, now: datetime) -> Handed:
    row.state = MessageState.HANDED
    row.handed_at = now
    row.attempts += 1
    return Handed(
        id=row.id,
        client_id=row.client_id,
        contact_point_id=row.contact_point_id,
        topic_id=row.topic_id,
        version_id=row.version_id,
        address=known.address,
        client_name=known.client_name,
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
        row.state = MessageState.EXPIRED if verdict.is_late else MessageState.SUPPRESSED
