"""Everything that is read about staff."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal.crypto.blind_index import blind_index
from portal.crypto.purposes import Purpose
from portal.db import db
from portal.staff.models import (
    FAILED,
    SUCCEEDED,
    Attempted,
    MemberState,
    RecoveryCode,
    Role,
    SetUpLink,
    SignInAttempt,
    StaffMember,
    StaffSession,
    Stage,
)
from portal.staff.rules.delays import MEMORY, wait_left
from portal.staff.rules.tokens import token_hash


def index_of(email: str) -> bytes:
    """The keyed hash under which a work address is found."""
    return blind_index(Purpose.BIDX_EMAIL, "staff.email", email)


def find_member(email: str) -> StaffMember | None:
    """The member with this address, in whatever case or spelling of the domain it was typed."""
    return db.session.scalar(select(StaffMember).where(StaffMember.email_bidx == index_of(email)))


def list_members() -> Sequence[StaffMember]:
    """Everybody, in the order in which they came."""
    return db.session.scalars(select(StaffMember).order_by(StaffMember.id)).all()


def list_demo_members() -> Sequence[StaffMember]:
    """The accounts that demo load made."""
    return db.session.scalars(select(StaffMember).where(StaffMember.is_demo).order_by(StaffMember.id)).all()


def list_active_members(roles: Sequence[Role]) -> Sequence[StaffMember]:
    """Who can sign in with one of these roles."""
    chosen = (StaffMember.state == MemberState.ACTIVE) & StaffMember.role.in_(roles)
    return db.session.scalars(select(StaffMember).where(chosen).order_by(StaffMember.id)).all()


def count_other_admins(member_ids: Sequence[uuid.UUID]) -> int:
    """How many administrators are left when these are gone. Locks them, so that two removals cannot both pass."""
    admins = select(StaffMember.id).where(StaffMember.role == Role.ADMIN, StaffMember.state != MemberState.DISABLED)
    found = db.session.scalars(admins.order_by(StaffMember.id).with_for_update()).all()
    return len(set(found) - set(member_ids))


def find_session(token: str) -> StaffSession | None:
    """The session a cookie's token belongs to, ended or not, with its member."""
    query = select(StaffSession).options(joinedload(StaffSession.member))
    query = query.where(StaffSession.token_hash == token_hash(token))
    return db.session.scalar(query.execution_options(populate_existing=True))


def list_open_sessions(member_id: uuid.UUID) -> Sequence[StaffSession]:
    """A member's sessions that are signed in and not ended, the latest first."""
    query = select(StaffSession).where(
        StaffSession.staff_id == member_id, StaffSession.ended_at.is_(None), StaffSession.stage == Stage.COMPLETE
    )
    return db.session.scalars(query.order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())).all()


def list_last_sessions(member_id: uuid.UUID, limit: int = 10) -> Sequence[StaffSession]:
    """A member's last sign-ins, the latest first; a half one shows that somebody knew the password."""
    query = select(StaffSession).where(StaffSession.staff_id == member_id)
    return db.session.scalars(query.order_by(StaffSession.started_at.desc(), StaffSession.id.desc()).limit(limit)).all()


def last_sign_ins() -> dict[uuid.UUID, datetime]:
    """When each member last signed in, in one query."""
    query = select(StaffSession.staff_id, func.max(StaffSession.started_at)).where(StaffSession.stage == Stage.COMPLETE)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(StaffSession.staff_id))}


def count_recovery_codes(member_id: uuid.UUID) -> int:
    """How many recovery codes are left."""
    query = select(func.count()).where(RecoveryCode.staff_id == member_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0


def find_link(token: str, now: datetime, *, lock: bool = False) -> SetUpLink | None:
    """The set-up link of a token while it works; a used, replaced or old one is not found."""
    query = (
        select(SetUpLink)
        .execution_options(populate_existing=lock)
        .where(SetUpLink.token_hash == token_hash(token), SetUpLink.used_at.is_(None), SetUpLink.expires_at > now)
    )
    return db.session.scalar(query.with_for_update() if lock else query)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often somebody failed in a row, and when last."""

    number: int
    last: datetime | None


def recent_failures(email_bidx: bytes, ip: str, now: datetime) -> Failures:
    """Failed tries for an account from one address since the last that succeeded there."""
    here = (SignInAttempt.email_bidx == email_bidx) & (SignInAttempt.ip == ip)
    return _failures(here, FAILED, now)


def recent_wrong_codes(email_bidx: bytes, now: datetime) -> Failures:
    """Wrong codes for an account from anywhere: who gets that far knows the password, so addresses do not excuse."""
    return _failures(SignInAttempt.email_bidx == email_bidx, (Attempted.WRONG_CODE,), now)


def sign_in_wait(email_bidx: bytes, ip: str, now: datetime) -> timedelta:
    """How long a sign-in for this account from this address has to wait."""
    failures = recent_failures(email_bidx, ip, now)
    return wait_left(failures.number, failures.last, now)


def code_wait(email_bidx: bytes, ip: str, now: datetime) -> timedelta:
    """How long the next code has to wait."""
    codes = recent_wrong_codes(email_bidx, now)
    return max(sign_in_wait(email_bidx, ip, now), wait_left(codes.number, codes.last, now))


def _failures(chosen: ColumnElement[bool], outcomes: Sequence[Attempted], now: datetime) -> Failures:
    last_success = (
        select(func.max(SignInAttempt.at)).where(chosen, SignInAttempt.outcome.in_(SUCCEEDED)).scalar_subquery()
    )
    since = func.greatest(func.coalesce(last_success, now - MEMORY), now - MEMORY)
    query = select(func.count(), func.max(SignInAttempt.at)).where(
        chosen, SignInAttempt.outcome.in_(outcomes), SignInAttempt.at > since
    )
    number, last = db.session.execute(query).one()
    return Failures(number, last)


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """Whether a person can do without their phone."""

    kept: bool
    left: int


def find_recovery_state(member_id: uuid.UUID) -> RecoveryState | None:
    """The state of a member's recovery codes; nothing for those without a second factor."""
    left = select(func.count()).where(RecoveryCode.staff_id == member_id, RecoveryCode.used_at.is_(None))
    query = select(StaffMember.recovery_kept_at.is_not(None), left.scalar_subquery())
    query = query.where(StaffMember.id == member_id, StaffMember.totp_confirmed_at.is_not(None))
    row = db.session.execute(query).one_or_none()
    return RecoveryState(*row) if row else None
