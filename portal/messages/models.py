"""The outbox: messages, the gate's answers, attempts, what simulation caught; these rows are the truth of sending."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, SmallInteger, Text, Uuid, text
from sqlalchemy.orm import Mapped

from portal.crypto.columns import SealedText, SealedTextOrNone, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of
from portal.gate.rules import Answer

INTERNAL = DataClass.INTERNAL


class MessageState(StrEnum):
    """Where a message stands. Receipts only move it forward."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    HANDED = "handed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    DEAD = "dead"


CHANNELS = "channel IN ('email', 'sms', 'whatsapp')"
STATES = "state IN (" + ", ".join(f"'{state}'" for state in MessageState) + ")"


def moment(meaning: str, **options: object) -> Mapped[datetime]:
    """A time in UTC."""
    return column(DateTime(timezone=True), data=INTERNAL, meaning=meaning, **options)


class Message(Timestamps, Model):
    """One text to one client. Its row is written with the act that wanted it; workers move it from there."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(CHANNELS, name="channel"),
        CheckConstraint(STATES, name="state"),
        Index("ix_message_due", "channel", "class_rank", "due_at", "id", postgresql_where=text("state = 'queued'")),
        Index("ix_message_leased", "lease_until", postgresql_where=text("state IN ('claimed', 'handed')")),
        Index("ix_message_client_id_id", "client_id", "id"),
        # Updates of state stay within their page, so that the indexes above are not rewritten each time.
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[uuid.UUID] = id_column()
    client_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("client.id"), data=INTERNAL, meaning="The client it is written to."
    )
    contact_point_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("contact_point.id"), index=True, data=INTERNAL, meaning="The address it goes to."
    )
    topic_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("topic.id"), index=True, data=INTERNAL, meaning="What it is about; decides the basis."
    )
    version_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("message_template_version.id"), index=True, data=INTERNAL, meaning="The text it uses."
    )
    text_hash: Mapped[str] = column(Text, data=INTERNAL, meaning="Hash of the version's text when it was queued.")
    channel: Mapped[str] = column(Text, data=INTERNAL, meaning="email, sms or whatsapp.")
    class_rank: Mapped[int] = column(SmallInteger, data=INTERNAL, meaning="0 goes before 1: marketing is 1.")
    state: Mapped[str] = column(
        Text, default=MessageState.QUEUED, server_default="queued", data=INTERNAL, meaning="Where it stands."
    )
    reason: Mapped[str] = column(Text, server_default="", data=INTERNAL, meaning="Why it stands there, as a code.")
    due_at: Mapped[datetime] = moment("Not handed over before.", server_default=text("now()"))
    expires_at: Mapped[datetime] = moment("Not worth sending after.")
    attempts: Mapped[int] = column(Integer, server_default="0", data=INTERNAL, meaning="Hand-overs that counted.")
    crashes: Mapped[int] = column(SmallInteger, server_default="0", data=INTERNAL, meaning="Workers lost with it.")
    resends: Mapped[int] = column(SmallInteger, server_default="0", data=INTERNAL, meaning="Repeats after doubt.")
    lease_token: Mapped[uuid.UUID | None] = column(Uuid, data=INTERNAL, meaning="The claim it belongs to.")
    lease_owner: Mapped[str | None] = column(Text, data=INTERNAL, meaning="The process that claimed it.")
    lease_until: Mapped[datetime | None] = moment("When the claim ends.", nullable=True)
    verdict: Mapped[str] = column(Text, server_default="", data=INTERNAL, meaning="The gate's last answer.")
    verdict_at: Mapped[datetime | None] = moment("When the gate last answered.", nullable=True)
    handed_at: Mapped[datetime | None] = moment("When it was last handed over.", nullable=True)
    accepted_at: Mapped[datetime | None] = moment("When a provider took it.", nullable=True)
    provider_id: Mapped[str | None] = column(Text, data=DataClass.PII, meaning="The provider's own id of it.")
    failure_text: Mapped[str] = column(Text, server_default="", data=INTERNAL, meaning="The last failure in words.")
    simulated: Mapped[bool] = column(Boolean, server_default="false", data=INTERNAL, meaning="Caught, not sent.")
    idempotency_key: Mapped[str | None] = column(
        Text, unique=True, data=INTERNAL, meaning="Makes a repeated order one message."
    )
    _fields: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_MESSAGE, "message.fields", meaning="The values of its fields, as JSON.", nullable=True
    )
    fields = SealedTextOrNone("_fields")


class MessageAttempt(Model):
    """One hand-over to a provider and its outcome; never changed afterwards."""

    __tablename__ = "message_attempt"

    id: Mapped[uuid.UUID] = id_column()
    message_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("message.id", ondelete="CASCADE"), index=True, data=INTERNAL, meaning="The message."
    )
    number: Mapped[int] = column(Integer, data=INTERNAL, meaning="Which hand-over of the message it was, from 1.")
    started_at: Mapped[datetime] = moment("When the hand-over began.")
    ended_at: Mapped[datetime] = moment("When its outcome was known.")
    outcome: Mapped[str] = column(Text, data=INTERNAL, meaning="accepted, refused, unknown or lost.")
    code: Mapped[str] = column(Text, data=INTERNAL, meaning="The provider's code.")
    text: Mapped[str] = column(Text, data=INTERNAL, meaning="The outcome in our words.")
    worker: Mapped[str] = column(Text, data=INTERNAL, meaning="The process that handed it over.")


class GateDecision(Model):
    """One answer of the gate to one message that a worker held; never changed, and gone with the message."""

    __tablename__ = "gate_decision"
    __table_args__ = (one_of("answer", Answer),)

    id: Mapped[uuid.UUID] = id_column()
    message_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("message.id", ondelete="CASCADE"), index=True, data=INTERNAL, meaning="The message."
    )
    at: Mapped[datetime] = moment("When the gate answered.")
    answer: Mapped[str] = column(Text, data=INTERNAL, meaning="allow, defer or refuse.")
    reason: Mapped[str] = column(Text, data=INTERNAL, meaning="Why, as a code.")
    until: Mapped[datetime | None] = moment("Until when it waits, where that is known.", nullable=True)
    rule_set: Mapped[int] = column(SmallInteger, data=INTERNAL, meaning="Version of the rules that answered.")


class CapturedEmail(Model):
    """An email that simulation caught instead of sending it, as the person would have received it."""

    __tablename__ = "captured_email"

    id: Mapped[uuid.UUID] = id_column()
    message_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("message.id", ondelete="CASCADE"), unique=True, data=INTERNAL, meaning="The message."
    )
    captured_at: Mapped[datetime] = moment("When it was caught.", server_default=text("now()"))
    _raw: Mapped[bytes] = sealed_column(Purpose.FIELD_MESSAGE, "captured_email.raw", meaning="The complete mail.")
    raw = SealedText("_raw")


class CapturedSms(Model):
    """An SMS that simulation caught, of a message or of a code that somebody proves a number with."""

    __tablename__ = "captured_sms"
    __table_args__ = (Index(None, "client_id"), Index(None, "captured_at"))

    id: Mapped[uuid.UUID] = id_column()
    message_id: Mapped[uuid.UUID | None] = column(
        Uuid,
        ForeignKey("message.id", ondelete="CASCADE"),
        nullable=True,
        unique=True,
        data=INTERNAL,
        meaning="The message; empty for a code.",
    )
    client_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=INTERNAL, meaning="The client it was for, where one is known."
    )
    captured_at: Mapped[datetime] = moment("When it was caught.", server_default=text("now()"))
    _address: Mapped[bytes] = sealed_column(Purpose.FIELD_MESSAGE, "captured_sms.address", meaning="The number.")
    _body: Mapped[bytes] = sealed_column(Purpose.FIELD_MESSAGE, "captured_sms.body", meaning="The whole SMS.")
    address = SealedText("_address")
    body = SealedText("_body")
