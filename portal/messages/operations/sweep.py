"""Frees messages whose worker is gone: at once when its process was seen to die, else when its lease has ended."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.db import utc_now
from portal.messages.events import MessageAction
from portal.messages.models import Message, MessageAttempt, MessageState
from portal.messages.rules import IN_FLIGHT, after_lost_lease
from portal.web.actor import SYSTEM

AT_ONCE = 500
LOST = {
    MessageState.QUEUED: "The worker stopped in mid-send; the message goes out once more under the same Message-ID.",
    MessageState.UNCERTAIN: "The worker stopped in mid-send; nobody knows whether the message left.",
    MessageState.DEAD: "Three workers stopped at this message; it is set aside.",
}


def free_owner(session: Session, owner: str) -> int:
    """Frees everything of one process that is known to be gone, and says how much that was."""
    return _free(session, Message.lease_owner == owner)


def sweep(session: Session) -> int:
    """Frees what lies under ended leases, by the clock of the database, and says how much that was."""
    return _free(session, Message.lease_until < func.now())


def _free(session: Session, lost: ColumnElement[bool]) -> int:
    waiting = select(Message).where(Message.state.in_(IN_FLIGHT), lost).order_by(Message.id).limit(AT_ONCE)
    rows: Sequence[Message] = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    for row in rows:
        _release(session, row)
    if rows:
        record(MessageAction.FREED, SYSTEM, reason=f"{len(rows)} messages of a lost worker", session=session)
    return len(rows)


def _release(session: Session, row: Message) -> None:
    before = MessageState(row.state)
    state = after_lost_lease(before, row.channel, row.crashes, row.resends)
    if before is MessageState.HANDED:
        session.add(_lost_attempt(row, LOST[state]))
        row.failure_text = LOST[state]
        row.resends += state is MessageState.QUEUED
    row.crashes += 1
    row.state = state
    row.reason = "worker_lost" if state is not MessageState.QUEUED else row.reason
    row.lease_token = row.lease_owner = row.lease_until = None


def _lost_attempt(row: Message, text: str) -> MessageAttempt:
    started = row.handed_at or utc_now()
    facts = {"message_id": row.id, "number": row.attempts, "started_at": started, "ended_at": utc_now()}
    return MessageAttempt(**facts, outcome="lost", code="worker_lost", text=text, worker=row.lease_owner or "")
