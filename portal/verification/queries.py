"""Reads verifications: what the limits count, one to check, and those of a client."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.verification.models import Verification, VerificationState
from portal.verification.rules.limits import DAY, Used

NOT_SENT = VerificationState.FAILED


def used_by(session: Session, marks: Collection[bytes], now: datetime) -> Used:
    """What the last 24 hours used of the limits. What certainly was not sent counts for nothing but the spacing."""
    recent = Verification.started_at > now - DAY
    of_number = select(Verification.started_at, Verification.state).where(Verification.number_hash.in_(marks), recent)
    rows = session.execute(of_number.order_by(Verification.started_at, Verification.id)).all()
    return Used(
        sent_at=[at for at, state in rows if state != NOT_SENT],
        asked_at=rows[-1][0] if rows else None,
        micro=cost_of_a_day(session, now),
    )


def cost_of_a_day(session: Session, now: datetime) -> int:
    """What the codes of the last 24 hours cost, in millionths; what certainly was not sent costs nothing."""
    sent = (Verification.started_at > now - DAY, Verification.state != NOT_SENT)
    return int(session.scalar(select(func.sum(Verification.cost_micro)).where(*sent)) or 0)


def find_verification(session: Session, verification_id: uuid.UUID, *, for_update: bool = False) -> Verification | None:
    """One verification as it stands now; with for_update nobody else checks a code of it until the transaction ends."""
    query = select(Verification).where(Verification.id == verification_id).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if for_update else query).one_or_none()


def take_older(session: Session, like: Verification) -> Sequence[Verification]:
    """
    Older codes of the same number, purpose and client that could still be typed in, held for a change.

    One that somebody is checking at this moment is left out, so that nobody ever waits for a caller of check.
    """
    open_states = (VerificationState.STARTED, VerificationState.SENT, VerificationState.UNCERTAIN)
    return session.scalars(
        select(Verification)
        .where(
            Verification.number_hash == like.number_hash,
            Verification.purpose == like.purpose,
            Verification.client_id.is_not_distinct_from(like.client_id),
            Verification.state.in_(open_states),
            Verification.id != like.id,
            Verification.started_at <= like.started_at,
        )
        .order_by(Verification.id)
        .with_for_update(skip_locked=True)
    ).all()


def list_verifications_of(session: Session, client_id: uuid.UUID, limit: int | None = None) -> Sequence[Verification]:
    """A client's verifications, the newest first."""
    query = select(Verification).where(Verification.client_id == client_id)
    return session.scalars(query.order_by(Verification.started_at.desc(), Verification.id.desc()).limit(limit)).all()


def was_confirmed(
    session: Session, verification_id: uuid.UUID, client_id: uuid.UUID | None, within: timedelta, now: datetime
) -> bool:
    """Whether this very verification of this client was confirmed not longer ago than that."""
    row = find_verification(session, verification_id)
    return (
        row is not None
        and row.client_id == client_id
        and row.confirmed_at is not None
        and now - row.confirmed_at <= within
    )
