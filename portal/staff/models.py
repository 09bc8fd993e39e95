"""The tables of staff: accounts, set-up links, recovery codes, sessions, sign-in attempts."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, MappedColumn, relationship

from portal.crypto.columns import SealedText, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class Role(StrEnum):
    """What a staff member is here to do; one role each."""

    ADMIN = "admin"
    COMPLIANCE_OFFICER = "compliance_officer"
    MARKETER = "marketer"
    VIEWER = "viewer"


class MemberState(StrEnum):
    """Whether a member can sign in: not yet, yes, no longer."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Theme(StrEnum):
    """Light, dark, or as the device says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Stage(StrEnum):
    """Whether a session may be used, or still waits for its second factor."""

    HALF = "half"
    COMPLETE = "complete"


class SessionEnd(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    IDLE = "idle"
    TOO_OLD = "too_old"
    DISABLED = "disabled"
    RESET = "reset"
    ROLE_CHANGED = "role_changed"
    REPLACED = "replaced"
    TOO_MANY_CODES = "too_many_codes"


class Attempted(StrEnum):
    """How one try to sign in ended. A try that is still open counts as failed, so that parallel guesses count."""

    OPEN = "open"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of an outcome
    WRONG_CODE = "wrong_code"
    PASSWORD_RIGHT = "password_right"  # noqa: S105 - the name of an outcome
    SIGNED_IN = "signed_in"
    STEPPED_UP = "stepped_up"


FAILED = (Attempted.OPEN, Attempted.WRONG_PASSWORD, Attempted.WRONG_CODE)
SUCCEEDED = (Attempted.SIGNED_IN, Attempted.STEPPED_UP)


def moment(meaning: str, **options: bool) -> MappedColumn[datetime]:
    """A point in time of one row."""
    return column(DateTime(timezone=True), data=DataClass.INTERNAL, meaning=meaning, **options)


def member_reference(**options: bool) -> MappedColumn[uuid.UUID]:
    """Points to the member a row belongs to, and goes with them."""
    return column(
        Uuid,
        ForeignKey("staff_member.id", ondelete="CASCADE"),
        data=DataClass.INTERNAL,
        meaning="The member it belongs to.",
        **options,
    )


class StaffMember(Timestamps, Model):
    """One person who uses the portal."""

    __tablename__ = "staff_member"
    __table_args__ = (one_of("role", Role), one_of("state", MemberState), one_of("theme", Theme))

    id: Mapped[uuid.UUID] = id_column()
    _full_name: Mapped[bytes] = sealed_column(
        Purpose.FIELD_PII, "staff.full_name", meaning="Name as shown to colleagues.", nullable=False
    )
    _email: Mapped[bytes] = sealed_column(
        Purpose.FIELD_PII, "staff.email", meaning="Work address, the name to sign in with.", nullable=False
    )
    email_bidx: Mapped[bytes] = column(
        LargeBinary(16), unique=True, data=DataClass.SECRET, meaning="Keyed hash of the address, to find it."
    )
    password_hash: Mapped[str | None] = column(
        Text, nullable=True, data=DataClass.SECRET, meaning="Argon2id hash; empty until the set-up link was used."
    )
    _totp_secret: Mapped[bytes | None] = sealed_column(
        Purpose.TOTP, "staff.totp_secret", meaning="Seed of the second factor in use.", nullable=True
    )
    _totp_pending: Mapped[bytes | None] = sealed_column(
        Purpose.TOTP, "staff.totp_pending", meaning="Seed shown for set-up, not confirmed yet.", nullable=True
    )
    totp_confirmed_at: Mapped[datetime | None] = moment("When the second factor was set up.", nullable=True)
    totp_last_step: Mapped[int | None] = column(
        BigInteger, nullable=True, data=DataClass.INTERNAL, meaning="Time step of the last code; none before works."
    )
    recovery_kept_at: Mapped[datetime | None] = moment("When they said the recovery codes are kept.", nullable=True)
    role: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="What they are here to do.")
    state: Mapped[str] = column(
        Text, default=MemberState.INVITED, data=DataClass.INTERNAL, meaning="Invited, active or disabled."
    )
    theme: Mapped[str] = column(
        Text, default=Theme.SYSTEM, server_default="system", data=DataClass.INTERNAL, meaning="Light, dark or system."
    )
    time_zone: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Zone in which they read times.")
    shortcuts_enabled: Mapped[bool] = column(
        Boolean,
        default=True,
        server_default=text("true"),
        data=DataClass.INTERNAL,
        meaning="Whether single keys act as shortcuts.",
    )
    is_demo: Mapped[bool] = column(
        Boolean,
        default=False,
        server_default=text("false"),
        data=DataClass.INTERNAL,
        meaning="Whether demo load made this account.",
    )

    full_name = SealedText("_full_name")
    email = SealedText("_email")
    totp_secret = SealedText("_totp_secret")
    totp_pending = SealedText("_totp_pending")

    @property
    def has_second_factor(self) -> bool:
        """Whether a second factor is set up and confirmed."""
        return self.totp_confirmed_at is not None

    def drop_second_factor(self) -> None:
        """Forgets both seeds. One that cannot be read may be dropped so, though it can never be written over."""
        self._totp_secret = self._totp_pending = None
        self.totp_confirmed_at = self.totp_last_step = self.recovery_kept_at = None

    def drop_pending_seed(self) -> None:
        """Forgets a seed that was shown and not confirmed."""
        self._totp_pending = None


class SetUpLink(Timestamps, Model):
    """A one-time link to choose a password: after an invitation or a reset."""

    __tablename__ = "staff_set_up_link"
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[uuid.UUID] = id_column()
    staff_id: Mapped[uuid.UUID] = member_reference()
    token_hash: Mapped[bytes] = column(
        LargeBinary(32), unique=True, data=DataClass.SECRET, meaning="Hash of the token in the link."
    )
    expires_at: Mapped[datetime] = moment("When the link stops working.")
    used_at: Mapped[datetime | None] = moment("When it was used or replaced.", nullable=True)

    member: Mapped[StaffMember] = relationship()


class RecoveryCode(Timestamps, Model):
    """One of ten codes that stand in for the second factor once."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[uuid.UUID] = id_column()
    staff_id: Mapped[uuid.UUID] = member_reference()
    code_hash: Mapped[bytes] = column(LargeBinary(32), data=DataClass.SECRET, meaning="Hash of the code.")
    used_at: Mapped[datetime | None] = moment("When it was used.", nullable=True)


class StaffSession(Timestamps, Model):
    """One signed-in browser. The cookie holds a random token, this row its hash; ending the row ends the session."""

    __tablename__ = "staff_session"
    __table_args__ = (
        one_of("stage", Stage),
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name="ended_with_reason"),
        CheckConstraint(f"ended_reason IN ({', '.join(repr(str(r)) for r in SessionEnd)})", name="ended_reason"),
        Index("ix_staff_session_open", "staff_id", postgresql_where=text("ended_at IS NULL")),
        Index(None, "staff_id", "started_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    staff_id: Mapped[uuid.UUID] = member_reference()
    token_hash: Mapped[bytes] = column(
        LargeBinary(32), unique=True, data=DataClass.SECRET, meaning="Hash of the token in the cookie."
    )
    stage: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Half until the second factor is proved.")
    method: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="How the person proved who they are.")
    started_at: Mapped[datetime] = moment("When the password was proved.")
    seen_at: Mapped[datetime] = moment("When it was last used, to the minute.")
    authenticated_at: Mapped[datetime | None] = moment("When all factors were last proved.", nullable=True)
    code_failures: Mapped[int] = column(
        Integer, default=0, server_default="0", data=DataClass.INTERNAL, meaning="Wrong answers in a row."
    )
    ip: Mapped[str] = column(Text, data=DataClass.PII, meaning="Address it was started from.")
    agent: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Class of browser and system.")
    ended_at: Mapped[datetime | None] = moment("When it ended.", nullable=True)
    ended_reason: Mapped[str | None] = column(
        Text, nullable=True, data=DataClass.INTERNAL, meaning="Why it ended, one of a fixed list."
    )

    member: Mapped[StaffMember] = relationship()


class SignInAttempt(Model):
    """One try to sign in or to step up; what the growing delays are counted from."""

    __tablename__ = "staff_sign_in_attempt"
    __table_args__ = (
        one_of("outcome", Attempted),
        Index(None, "email_bidx", "ip", "at"),
        Index(None, "at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    at: Mapped[datetime] = moment("When it was made.")
    email_bidx: Mapped[bytes] = column(
        LargeBinary(16), data=DataClass.SECRET, meaning="Keyed hash of the address that was typed."
    )
    ip: Mapped[str] = column(Text, data=DataClass.PII, meaning="Address it came from.")
    agent: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Class of browser and system.")
    outcome: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="How it ended.")
