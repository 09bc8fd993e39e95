"""
Verifications: a walk along the whole chain in slices, each of which keeps its progress, so that a kill costs one slice.

What the database says about a verification is for people to look at. The proof is `flask audit verify`, which trusts
no stored progress.
"""

import uuid
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.audit.events import AuditAction, Outcome, VerificationState
from portal.audit.models import AuditVerification
from portal.audit.operations.anchors import write_anchor
from portal.audit.operations.collect import record
from portal.audit.operations.sealing import is_sealed
from portal.audit.queries import chain_rows, head, known_anchor, open_verification
from portal.audit.rules.canonical import GENESIS
from portal.audit.rules.chain import Anchors, Position, Problem, follow, missing_tail
from portal.db import new_id, utc_now
from portal.web.actor import SYSTEM, Actor, ActorKind

SLICE = 2_000
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7203331003)")

log = structlog.get_logger("audit.verification")


def request_verification(actor: Actor, session: Session) -> AuditVerification:
    """Asks for a verification of the whole chain; the one that is already open is given back instead of a second."""
    session.execute(ONE_AT_A_TIME)
    found = open_verification(session)
    if found is None:
        found = AuditVerification(id=new_id(), requested_by=actor.label, requested_by_id=actor.id)
        session.add(found)
        session.flush()
    record(
        AuditAction.REQUEST_VERIFICATION,
        actor,
        object_type="audit_verification",
        object_id=found.id,
        session=session,
    )
    return found


def check_slice(
    session: Session, position: Position, anchors: Anchors, limit: int = SLICE
) -> tuple[Position, Problem | None, bool]:
    """Checks the next entries: the last good one, the first problem, and whether the end was reached."""
    rows = chain_rows(session, position.seq, limit)
    position, problem = follow(rows, position, anchors.by_seq, is_sealed)
    return position, problem, len(rows) < limit


def advance(session: Session, verification_id: uuid.UUID, path: Path, anchors: Anchors, limit: int = SLICE) -> bool:
    """One slice of a verification; says whether more is left. A slice that somebody else holds is left to them."""
    query = select(AuditVerification).where(AuditVerification.id == verification_id)
    row = session.scalar(query.with_for_update(skip_locked=True))
    if row is None or not row.is_open:
        return False
    row.state = VerificationState.RUNNING
    row.started_at = row.started_at or utc_now()
    start = Position(row.checked_seq, bytes(row.checked_mac or GENESIS))
    position, problem, ended = check_slice(session, start, anchors, limit)
    row.checked_seq, row.checked_mac = position.seq, position.mac
    row.head_seq = max(head(session).seq, position.seq)
    if not ended and problem is None:
        return True
    finish(session, row, path, anchors, problem or anchors.problem)
    return False


def finish(session: Session, row: AuditVerification, path: Path, anchors: Anchors, problem: Problem | None) -> None:
    """Ends a verification: compares the end with the anchors, says how it went, and anchors a chain that is intact."""
    end = Position(row.checked_seq, bytes(row.checked_mac or GENESIS))
    problem = problem or missing_tail(end, anchors, known_anchor(session))
    newest = anchors.newest
    row.anchors = len(anchors.by_seq)
    row.finished_at = utc_now()
    row.state = VerificationState.BROKEN if problem else VerificationState.INTACT
    if problem:
        row.problem_kind, row.problem_seq, row.problem_text = str(problem.kind), problem.seq, problem.text
        log.error("audit.chain_broken", kind=str(problem.kind), seq=problem.seq)
    elif newest:
        row.anchored_seq, row.anchored_at = newest.seq, datetime.fromisoformat(newest.at)
    _record_result(session, row)
    if not problem:
        write_anchor(path, end, utc_now())


def fail_verification(session: Session, verification_id: uuid.UUID, why: str) -> None:
    """Ends a verification that could not run at all, with the reason for people."""
    row = session.get_one(AuditVerification, verification_id)
    row.state, row.finished_at, row.problem_text = VerificationState.FAILED, utc_now(), why
    _record_result(session, row)
    log.error("audit.verification_failed", verification_id=str(verification_id))


def anchor_head(session: Session, path: Path) -> None:
    """The periodic task: puts the present head beside the earlier ones."""
    position = head(session)
    if position.seq:
        write_anchor(path, position, utc_now())


def _record_result(session: Session, row: AuditVerification) -> None:
    actor = Actor(ActorKind.STAFF, row.requested_by, row.requested_by_id) if row.requested_by_id else SYSTEM
    outcome = Outcome.DONE if row.state == VerificationState.INTACT else Outcome.FAILED
    record(
        AuditAction.VERIFY,
        actor,
        object_type="audit_verification",
        object_id=row.id,
        outcome=outcome,
        reason=row.problem_text or f"Entries 1 to {row.checked_seq:,} unbroken.",
        session=session,
    )
