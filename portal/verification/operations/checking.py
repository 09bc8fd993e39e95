"""Checks a typed code. An ordinary operation: what is confirmed stands or falls with what the caller does with it."""

import uuid

import structlog

from portal.audit.operations import Outcome, record
from portal.db import db, utc_now
from portal.verification.events import VerificationAction
from portal.verification.models import Purpose, Verification, VerificationState
from portal.verification.operations.kept import CodesAway, Tried, try_marks
from portal.verification.queries import find_verification
from portal.verification.rules.answers import Checked, CheckState, ErrorCode
from portal.verification.rules.codes import TRIES, clean_code, code_marks, number_marks
from portal.web.actor import Actor

OPEN = (VerificationState.STARTED, VerificationState.SENT, VerificationState.UNCERTAIN)
ENDED = {
    VerificationState.CONFIRMED: CheckState.USED,
    VerificationState.EXHAUSTED: CheckState.EXHAUSTED,
}
log = structlog.get_logger("verification")


def check(
    verification_id: uuid.UUID,
    code: str,
    actor: Actor,
    *,
    purpose: Purpose | None = None,
    client_id: uuid.UUID | None = None,
    number: str | None = None,
) -> Checked:
    """
    Whether the code is right. It is so once: a second check of the same code is answered USED, also at the same moment.

    With a purpose, a client or a number in E.164, a verification for another one is UNKNOWN: name what the proof is
    used for. Three wrong codes end it. Redis decides before the caller commits; who rolls back has used the code up.
    """
    # The row is held, so that whoever comes at the same moment sees how this check ended.
    row = find_verification(db.session(), verification_id, for_update=True)
    if row is None or not _concerns(row, purpose, client_id, number):
        return Checked(CheckState.UNKNOWN)
    typed, left = clean_code(code), TRIES - row.wrong_tries
    if (ended := _ended(row)) is not None:
        return Checked(ended)
    if typed is None:
        return Checked(CheckState.MALFORMED, left)
    try:
        return _settle(row, *try_marks(row.id, code_marks(row.id, typed)), actor)
    except CodesAway:
        log.warning("verification.not_checked", verification_id=str(row.id))
        return Checked(CheckState.UNAVAILABLE, left, ErrorCode.REDIS_UNAVAILABLE)


def _concerns(row: Verification, purpose: Purpose | None, client_id: uuid.UUID | None, number: str | None) -> bool:
    if purpose not in (None, row.purpose) or client_id not in (None, row.client_id):
        return False
    return number is None or row.number_hash in number_marks(number)


def _ended(row: Verification) -> CheckState | None:
    if row.state in OPEN:
        return CheckState.EXPIRED if utc_now() >= row.expires_at else None
    return ENDED.get(VerificationState(row.state), CheckState.EXPIRED)


def _settle(row: Verification, tried: Tried, left: int, actor: Actor) -> Checked:
    if tried is Tried.GONE:
        return Checked(CheckState.EXPIRED)
    if tried is Tried.RIGHT:
        row.state, row.confirmed_at = VerificationState.CONFIRMED, utc_now()
        _note(row, VerificationAction.CONFIRM, Outcome.DONE, actor)
        return Checked(CheckState.CONFIRMED)
    row.wrong_tries = TRIES - left
    if left <= 0:
        row.state = VerificationState.EXHAUSTED
    _note(row, VerificationAction.WRONG_CODE, Outcome.REFUSED, actor)
    return Checked(CheckState.WRONG, left) if left > 0 else Checked(CheckState.EXHAUSTED)


def _note(row: Verification, action: VerificationAction, outcome: Outcome, actor: Actor) -> None:
    record(
        action,
        actor,
        object_type="verification",
        object_id=row.id,
        subject_ref=row.client_id,
        outcome=outcome,
    )
