"""
Sign-in by password, in two short transactions around the slow check.

The try is written down as failed before the password is checked, so that a hundred parallel guesses wait as long as
a hundred in a row, and no database transaction is held during the check. An account that does not exist goes the
same way with a stand-in hash: same statements, same work, same answer.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.config.current import current
from portal.db import db, new_id, utc_now
from portal.staff.events import StaffEvent
from portal.staff.models import Attempted, MemberState, SignInAttempt, StaffMember, Stage
from portal.staff.operations.sessions import Opened, Visitor, start_session
from portal.staff.operations.trail import as_member, note, note_throttled
from portal.staff.queries import code_wait, find_member, index_of, sign_in_wait
from portal.staff.rules.hashing import hash_password, is_outdated
from portal.web.actor import Actor

ATTEMPTS_KEPT = timedelta(days=30)
NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Claim:
    """One try that may now be checked, or has to wait."""

    wait: timedelta = NO_WAIT
    attempt_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    password_hash: str | None = None


def claim_sign_in(email: str, visitor: Visitor) -> Claim:
    """Reserves one try for the address typed. Where nobody may sign in, the claim holds no hash."""
    email_bidx = index_of(email)
    lock_account(email_bidx)
    now = utc_now()
    wait = sign_in_wait(email_bidx, visitor.ip, now)
    if wait > NO_WAIT:
        note_throttled(email_bidx, wait.total_seconds())
        return Claim(wait)
    attempt = write_attempt(email_bidx, visitor, now)
    member = find_member(email)
    if member is None or not may_sign_in(member):
        return Claim(attempt_id=attempt.id, member_id=member.id if member else None)
    return Claim(attempt_id=attempt.id, member_id=member.id, password_hash=member.password_hash)


def may_sign_in(member: StaffMember) -> bool:
    """Active accounts may; those of the demo only while the portal is addressed on this machine."""
    return member.state == MemberState.ACTIVE and (current().general.is_local or not member.is_demo)


def claim_proof(member: StaffMember, visitor: Visitor) -> Claim:
    """Reserves one try at the second factor or at a step-up; wrong codes count from every address."""
    lock_account(member.email_bidx)
    now = utc_now()
    wait = code_wait(member.email_bidx, visitor.ip, now)
    if wait > NO_WAIT:
        note_throttled(member.email_bidx, wait.total_seconds())
        return Claim(wait)
    attempt = write_attempt(member.email_bidx, visitor, now)
    return Claim(attempt_id=attempt.id, member_id=member.id, password_hash=member.password_hash)


def refuse_password(claim: Claim, actor: Actor) -> None:
    """Writes down that the password was wrong, or that there is no such account; both look the same from outside."""
    settle(claim, Attempted.WRONG_PASSWORD)
    reason = "wrong_password" if claim.password_hash else "no_such_active_account"
    note(StaffEvent.SIGN_IN, actor, claim.member_id, refused=True, reason=reason)


def accept_password(claim: Claim, password: str, visitor: Visitor, actor: Actor) -> Opened:
    """Opens the session: a half one where a second factor must follow, else a complete one."""
    member = db.session.get_one(StaffMember, claim.member_id)
    if is_outdated(str(claim.password_hash)):
        member.password_hash = hash_password(password)
    if member.has_second_factor:
        settle(claim, Attempted.PASSWORD_RIGHT)
        note(StaffEvent.PASSWORD_PROVED, actor, member.id)
        return start_session(member, visitor, Stage.HALF, "password")
    settle(claim, Attempted.SIGNED_IN)
    opened = start_session(member, visitor, Stage.COMPLETE, "password")
    note(StaffEvent.SIGN_IN, as_member(actor, opened.session), member.id, reason="password")
    return opened


def lock_account(email_bidx: bytes) -> None:
    """One try at a time for each account, so that counting and writing cannot be overtaken."""
    key = int.from_bytes(email_bidx[:8], "big", signed=True)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))


def write_attempt(email_bidx: bytes, visitor: Visitor, now: datetime) -> SignInAttempt:
    """The try as it stands until it is settled: open, and counted as failed. Old ones are forgotten on the way."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - ATTEMPTS_KEPT))
    attempt = SignInAttempt(
        id=new_id(), at=now, email_bidx=email_bidx, ip=visitor.ip, agent=visitor.agent, outcome=Attempted.OPEN
    )
    db.session.add(attempt)
    return attempt


def settle(claim: Claim, outcome: Attempted) -> None:
    """How the try ended."""
    db.session.get_one(SignInAttempt, claim.attempt_id).outcome = outcome


def withdraw(claim: Claim) -> None:
    """Takes a try back that was never checked, because its twin had already been accepted."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == claim.attempt_id))
