"""The table of verifications: that a code was sent, when, at what price and how it ended. Holds no number, no code."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, DateTime, Index, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.orm import Mapped

from portal.config.channels import Channel
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of

INTERNAL = DataClass.INTERNAL


class Purpose(StrEnum):
    """What somebody proves their number for; a code for one purpose is worth nothing for another."""

    OPT_IN = "opt_in"
    IDENTITY = "identity"


class VerificationState(StrEnum):
    """Where a verification stands. STARTED is one whose outcome nobody has written down yet, or ever will."""

    STARTED = "started"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    CONFIRMED = "confirmed"
    EXHAUSTED = "exhausted"


class Verification(Timestamps, Model):
    """
    One code to one number. The code itself is in Redis alone, as a keyed hash, for ten minutes.

    There is no foreign key to the client: the row is committed by itself, before the code leaves, and must not wait
    for whatever the caller holds.
    """

    __tablename__ = "verification"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("purpose", Purpose),
        one_of("state", VerificationState),
        Index(None, "number_hash", "started_at"),
        Index(None, "started_at"),
        Index(None, "client_id"),
    )

    id: Mapped[uuid.UUID] = id_column()
    client_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=INTERNAL, meaning="The client it is for; empty for a stranger and after an erasure."
    )
    channel: Mapped[str] = column(Text, data=INTERNAL, meaning="How the code travels.")
    purpose: Mapped[str] = column(Text, data=INTERNAL, meaning="What the number is proved for.")
    state: Mapped[str] = column(Text, data=INTERNAL, meaning="Where it stands.")
    number_hash: Mapped[bytes] = column(
        LargeBinary(16), data=DataClass.SECRET, meaning="Keyed hash of the number, to count what it was sent."
    )
    started_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=INTERNAL, meaning="When the code was asked for; limits count from here."
    )
    expires_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=INTERNAL, meaning="When the code stops being valid."
    )
    confirmed_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=INTERNAL, meaning="When the right code was typed."
    )
    wrong_tries: Mapped[int] = column(
        SmallInteger, server_default="0", data=INTERNAL, meaning="Wrong codes that were typed."
    )
    segments: Mapped[int] = column(SmallInteger, data=INTERNAL, meaning="As how many segments it is billed.")
    cost_micro: Mapped[int] = column(
        BigInteger, data=INTERNAL, meaning="Estimated price, in millionths of the currency of the daily limit."
    )
    simulated: Mapped[bool] = column(Boolean, data=INTERNAL, meaning="Caught, not sent.")
    failure_code: Mapped[str] = column(Text, server_default="", data=INTERNAL, meaning="Why it was not sent.")
    provider_id: Mapped[str | None] = column(
        Text, nullable=True, data=DataClass.PII, meaning="The provider's own id of the SMS."
    )
