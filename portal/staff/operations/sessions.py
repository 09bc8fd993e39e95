"""Sessions: started, completed, renewed, ended. Each step up in trust gets a new token."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import db, new_id, utc_now
from portal.staff.events import StaffEvent
from portal.staff.models import SessionEnd, StaffMember, StaffSession, Stage
from portal.staff.operations.trail import note
from portal.staff.rules.sessions import SEEN_EVERY
from portal.staff.rules.tokens import new_token, token_hash
from portal.web.actor import Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from."""

    ip: str
    agent: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with the token for its cookie, which is known at this moment only."""

    session: StaffSession
    token: str


def start_session(member: StaffMember, visitor: Visitor, stage: Stage, method: str) -> Opened:
    """A session of its own for this browser. A half one may only be completed."""
    token, now = new_token(), utc_now()
    row = StaffSession(
        id=new_id(),
        member=member,
        token_hash=token_hash(token),
        stage=stage,
        method=method,
        started_at=now,
        seen_at=now,
        authenticated_at=now if stage is Stage.COMPLETE else None,
        code_failures=0,
        ip=visitor.ip,
        agent=visitor.agent,
    )
    db.session.add(row)
    return Opened(row, token)


def renew_proof(row: StaffSession, method: str) -> str:
    """All factors were proved now: the session is complete and fresh, under a new token; the old one is worthless."""
    token = new_token()
    row.token_hash = token_hash(token)
    row.stage = Stage.COMPLETE
    row.method = method
    row.code_failures = 0
    row.seen_at = row.authenticated_at = utc_now()
    return token


def is_due_for_touch(row: StaffSession, now: datetime) -> bool:
    """Whether the use of the session is worth a write: at most once a minute, so that reading pages hardly writes."""
    return now - row.seen_at >= SEEN_EVERY


def touch(row: StaffSession, now: datetime) -> None:
    """Remembers that the session was used."""
    row.seen_at = now


def end_session(row: StaffSession, reason: SessionEnd, actor: Actor) -> None:
    """Ends one session from now on. Ending it twice keeps the first reason."""
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_reason = utc_now(), reason
    event = StaffEvent.SIGN_OUT if reason is SessionEnd.SIGNED_OUT else StaffEvent.SESSION_ENDED
    note(event, actor, row.staff_id, reason=reason)


def end_sessions_of(member_id: uuid.UUID, reason: SessionEnd, actor: Actor, *, keep: uuid.UUID | None = None) -> int:
    """Ends all sessions of a member but the one to keep; says how many."""
    chosen = (StaffSession.staff_id == member_id) & StaffSession.ended_at.is_(None)
    rows = db.session.scalars(select(StaffSession).where(chosen).order_by(StaffSession.id).with_for_update()).all()
    ending = [row for row in rows if row.id != keep]
    for row in ending:
        end_session(row, reason, actor)
    return len(ending)
