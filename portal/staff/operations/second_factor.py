"""The second factor: set up, proved, replaced by a recovery code. Every code works once, whoever submits it twice."""

import hashlib
import uuid
from dataclasses import dataclass

from sqlalchemy import CursorResult, delete, or_, select, update

from portal.db import db, new_id, utc_now
from portal.staff.events import StaffEvent
from portal.staff.models import Attempted, RecoveryCode, SessionEnd, StaffMember, StaffSession, Stage
from portal.staff.operations.sessions import end_session, end_sessions_of, renew_proof
from portal.staff.operations.sign_in import Claim, settle, withdraw
from portal.staff.operations.trail import as_member, note
from portal.staff.rules.second_factor import CODE_TRIES, matching_step, new_recovery_codes, new_seed, normalise_code
from portal.web.actor import Actor


def begin_set_up(member: StaffMember) -> str:
    """The seed to show. It stays the same until it is confirmed, so that a reloaded page fits the app."""
    if not member.totp_pending:
        member.drop_pending_seed()
        member.totp_pending = new_seed()
    return str(member.totp_pending)


def confirm_set_up(member: StaffMember, code: str, actor: Actor) -> list[str] | None:
    """Turns the shown seed into the second factor when the code proves the app has it; answers recovery codes."""
    row = db.session.get_one(StaffMember, member.id, with_for_update=True, populate_existing=True)
    seed = row.totp_pending
    step = matching_step(str(seed), normalise_code(code), utc_now(), None) if seed else None
    if step is None:
        return None
    row.drop_second_factor()
    row.totp_secret = str(seed)
    row.totp_confirmed_at, row.totp_last_step = utc_now(), step
    note(StaffEvent.SECOND_FACTOR_SET, actor, row.id)
    end_sessions_of(row.id, SessionEnd.RESET, actor, keep=actor.session_id)
    return make_recovery_codes(row, actor)


def make_recovery_codes(member: StaffMember, actor: Actor) -> list[str]:
    """Ten new codes, to be shown once; the old ones stop working."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == member.id))
    codes = new_recovery_codes()
    db.session.add_all(
        RecoveryCode(id=new_id(), staff_id=member.id, code_hash=recovery_hash(member.id, code)) for code in codes
    )
    member.recovery_kept_at = None
    note(StaffEvent.RECOVERY_CODES_MADE, actor, member.id)
    return codes


def keep_recovery_codes(member: StaffMember, actor: Actor) -> None:
    """Remembers that the person said the codes are kept."""
    member.recovery_kept_at = utc_now()
    note(StaffEvent.RECOVERY_CODES_KEPT, actor, member.id)


def recovery_hash(member_id: uuid.UUID, code: str) -> bytes:
    """What is stored of a recovery code, bound to its owner. The codes are too long to be guessed from it."""
    return hashlib.sha256(member_id.bytes + normalise_code(code).encode()).digest()


def spend_code(member: StaffMember, code: str) -> str | None:
    """Uses up a code of the app or a recovery code; answers which kind it was, nothing when it does not work."""
    typed = normalise_code(code)
    if member.has_second_factor and member.totp_secret:
        step = matching_step(str(member.totp_secret), typed, utc_now(), member.totp_last_step)
        if step is not None and _advance(member, step):
            return "totp"
    return "recovery" if _use_recovery_code(member.id, typed) else None


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer to a proof: a new token, or how many tries are left; overtaken means that nothing was checked."""

    token: str = ""
    tries_left: int = 0
    overtaken: bool = False


def prove(claim: Claim, seen: StaffSession, *, password_right: bool, code: str | None, actor: Actor) -> Proof:
    """
    Completes a sign-in or a step-up. `seen` is the session as the request met it; code is None where none is asked.

    The code is spent only with a right password, and only once: of two equal submits the second finds the token of the
    session changed, and nothing happens.
    """
    expected = seen.token_hash
    row = lock_session(seen.id)
    if row.ended_at is not None or row.token_hash != expected:
        withdraw(claim)
        return Proof(overtaken=True)
    method = "password"
    if password_right and code is not None:
        kind = spend_code(row.member, code)
        method = f"password+{kind}" if kind else ""
    if password_right and method:
        return Proof(_accept(claim, row, method, actor))
    wrong = Attempted.WRONG_CODE if password_right else Attempted.WRONG_PASSWORD
    return Proof(tries_left=_refuse(claim, row, wrong, actor))


def _accept(claim: Claim, row: StaffSession, method: str, actor: Actor) -> str:
    stepping_up = row.stage == Stage.COMPLETE
    settle(claim, Attempted.STEPPED_UP if stepping_up else Attempted.SIGNED_IN)
    token = renew_proof(row, method)
    event = StaffEvent.STEP_UP if stepping_up else StaffEvent.SIGN_IN
    note(event, as_member(actor, row), row.staff_id, reason=method)
    return token


def _refuse(claim: Claim, row: StaffSession, outcome: Attempted, actor: Actor) -> int:
    settle(claim, outcome)
    event = StaffEvent.STEP_UP if row.stage == Stage.COMPLETE else StaffEvent.SIGN_IN
    note(event, actor, row.staff_id, refused=True, reason=outcome)
    row.code_failures += 1
    if row.code_failures >= CODE_TRIES:
        end_session(row, SessionEnd.TOO_MANY_CODES, actor)
    return CODE_TRIES - row.code_failures


def lock_session(session_id: uuid.UUID) -> StaffSession:
    """The session as it is now, held until the transaction ends: of two equal submits one finds it already done."""
    query = select(StaffSession).where(StaffSession.id == session_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _advance(member: StaffMember, step: int) -> bool:
    later = or_(StaffMember.totp_last_step.is_(None), StaffMember.totp_last_step < step)
    query = update(StaffMember).where(StaffMember.id == member.id, later).values(totp_last_step=step)
    return _changed_one(db.session.execute(query, execution_options={"synchronize_session": False}))


def _use_recovery_code(member_id: uuid.UUID, typed: str) -> bool:
    unused = (RecoveryCode.staff_id == member_id) & RecoveryCode.used_at.is_(None)
    query = update(RecoveryCode).where(unused, RecoveryCode.code_hash == recovery_hash(member_id, typed))
    return _changed_one(
        db.session.execute(query.values(used_at=utc_now()), execution_options={"synchronize_session": False})
    )


def _changed_one(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
