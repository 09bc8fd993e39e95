"""The rows of the audit log and of its verifications; an entry is written once and never changed."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from portal.audit.events import VerificationState
from portal.db import DataClass, Model, Timestamps, column, id_column

INTERNAL = DataClass.INTERNAL


class AuditEntry(Model):
    """One link of the chain: who did what to which data, sealed over the entry before it."""

    seq: Mapped[int] = column(
        BigInteger, primary_key=True, autoincrement=False, data=INTERNAL, meaning="Place in the chain, from 1, no gaps."
    )
    version: Mapped[int] = column(SmallInteger, data=INTERNAL, meaning="Version of the canonical form.")
    event_id: Mapped[uuid.UUID] = column(Uuid, data=INTERNAL, meaning="Identifies the event outside the chain.")
    at: Mapped[datetime] = column(DateTime(timezone=True), data=INTERNAL, meaning="When it happened.")
    actor_kind: Mapped[str] = column(Text, data=INTERNAL, meaning="Kind of actor.")
    actor_id: Mapped[uuid.UUID | None] = column(Uuid, nullable=True, data=INTERNAL, meaning="Who did it.")
    actor_label: Mapped[str] = column(Text, data=DataClass.PII, meaning="What the actor was called at the time.")
    actor_roles: Mapped[list[str]] = column(ARRAY(Text), data=INTERNAL, meaning="Roles of the actor at the time.")
    session_id: Mapped[uuid.UUID | None] = column(Uuid, nullable=True, data=INTERNAL, meaning="Session of the actor.")
    auth_method: Mapped[str | None] = column(Text, nullable=True, data=INTERNAL, meaning="How the actor signed in.")
    action: Mapped[str] = column(Text, data=INTERNAL, meaning="What was done, as feature.verb.")
    access_type: Mapped[str] = column(Text, data=INTERNAL, meaning="In which way data were touched.")
    purpose: Mapped[str] = column(Text, data=INTERNAL, meaning="What the data were needed for.")
    subject_refs: Mapped[list[str]] = column(
        ARRAY(Text), data=INTERNAL, meaning="References of the clients whose data were touched; never an address."
    )
    object_type: Mapped[str] = column(Text, data=INTERNAL, meaning="Kind of thing acted on.")
    object_id: Mapped[str] = column(Text, data=INTERNAL, meaning="Which thing was acted on.")
    outcome: Mapped[str] = column(Text, data=INTERNAL, meaning="How it ended.")
    reason: Mapped[str] = column(Text, data=INTERNAL, meaning="Why, in words; addresses are taken out on write.")
    ip: Mapped[str | None] = column(
        Text, nullable=True, data=DataClass.PII, meaning="Network address; a client's is cut short."
    )
    ua_hash: Mapped[str | None] = column(Text, nullable=True, data=INTERNAL, meaning="Hash of the browser's name.")
    request_id: Mapped[str | None] = column(Text, nullable=True, data=INTERNAL, meaning="Request in the logs.")
    changes: Mapped[list[list[str | None]]] = column(
        JSONB, data=INTERNAL, meaning="Changed fields: name, class, before, after; hidden where the class asks for it."
    )
    prev: Mapped[bytes] = column(LargeBinary, data=INTERNAL, meaning="Seal of the entry before.")
    key_id: Mapped[int] = column(BigInteger, data=INTERNAL, meaning="Audit key that made the seal.")
    mac: Mapped[bytes] = column(LargeBinary, data=INTERNAL, meaning="Seal over the canonical form.")

    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_actor_id_seq", "actor_id", text("seq DESC")),
        Index("ix_audit_entry_action_seq", "action", text("seq DESC")),
        Index("ix_audit_entry_object_id_seq", "object_id", text("seq DESC")),
        Index("ix_audit_entry_subject_refs", "subject_refs", postgresql_using="gin"),
    )


class AuditVerification(Timestamps, Model):
    """One walk along the chain, with its progress; survives a killed worker and tells the page how it went."""

    id: Mapped[uuid.UUID] = id_column()
    state: Mapped[str] = column(Text, default=VerificationState.QUEUED, data=INTERNAL, meaning="How far it has come.")
    requested_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="What the one who asked was called.")
    requested_by_id: Mapped[uuid.UUID | None] = column(Uuid, nullable=True, data=INTERNAL, meaning="Who asked.")
    started_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=INTERNAL, meaning="When the first slice began."
    )
    finished_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=INTERNAL, meaning="When it ended."
    )
    checked_seq: Mapped[int] = column(BigInteger, default=0, data=INTERNAL, meaning="Last entry found in order.")
    checked_mac: Mapped[bytes | None] = column(
        LargeBinary, nullable=True, data=INTERNAL, meaning="Seal of the last entry found in order."
    )
    head_seq: Mapped[int] = column(BigInteger, default=0, data=INTERNAL, meaning="Last entry when it was last counted.")
    anchors: Mapped[int] = column(Integer, default=0, data=INTERNAL, meaning="How many anchors were compared.")
    anchored_seq: Mapped[int] = column(BigInteger, default=0, data=INTERNAL, meaning="Entry of the newest anchor.")
    anchored_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=INTERNAL, meaning="When the newest anchor was written."
    )
    problem_kind: Mapped[str | None] = column(Text, nullable=True, data=INTERNAL, meaning="What is wrong, as a word.")
    problem_seq: Mapped[int | None] = column(BigInteger, nullable=True, data=INTERNAL, meaning="First wrong entry.")
    problem_text: Mapped[str | None] = column(Text, nullable=True, data=INTERNAL, meaning="What is wrong, in words.")

    __table_args__ = (
        Index(
            "uq_audit_verification_open",
            text("(true)"),
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_audit_verification_created_at", text("created_at DESC")),
    )

    @property
    def is_open(self) -> bool:
        """Whether it still has entries to look at."""
        return self.state in {VerificationState.QUEUED, VerificationState.RUNNING}
