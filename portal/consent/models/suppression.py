"""The suppression list, which holds keyed hashes and no address, and what two people said about leaving it."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, func, text
from sqlalchemy.orm import Mapped

from portal.config.channels import Channel
from portal.consent.models.columns import moment, word
from portal.crypto.census import hash_key_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, column, id_column, one_of


class SuppressionScope(StrEnum):
    """What a suppression stops."""

    ALL = "all"
    MARKETING = "marketing"


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    ERASED = "erased"
    MANUAL = "manual"
    COMPLAINED = "complained"
    WRONG_PERSON = "wrong_person"
    PROVIDER = "provider"
    IMPORTED = "imported"


class SuppressionOrigin(StrEnum):
    """Who said that an address must not be written to."""

    PERSON = "person"
    STAFF = "staff"
    PROVIDER = "provider"
    IMPORT = "import"
    SYSTEM = "system"


class RemovalState(StrEnum):
    """Where a request to take an entry off the list stands; gone means that the entry went some other way."""

    OPEN = "open"
    APPROVED = "approved"
    DENIED = "denied"
    GONE = "gone"


class Suppression(Model):
    """
    A keyed hash of an address that must not be written to. Holds no address, so it outlives erasure.

    One address may stand here for several reasons. The database refuses every change, and every removal but that of a
    person's own choice or one that a second person approved.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("scope", SuppressionScope),
        one_of("reason", SuppressionReason),
        one_of("origin", SuppressionOrigin),
        Index("uq_suppression_address_hash", "address_hash", "channel", "scope", "reason", unique=True),
        Index(None, "key_id"),
    )

    id: Mapped[uuid.UUID] = id_column()
    address_hash: Mapped[bytes] = column(
        LargeBinary, data=DataClass.SECRET, meaning="HMAC of the normalised address under a suppression key."
    )
    key_id: Mapped[int] = hash_key_column(Purpose.SUPPRESSION, meaning="Suppression key that made the hash.")
    channel: Mapped[str] = word("The channel it holds for.")
    scope: Mapped[str] = word("What it stops.")
    reason: Mapped[str] = word("Why.")
    origin: Mapped[str] = word("Who said so.", server_default=SuppressionOrigin.SYSTEM)
    source: Mapped[str] = word("What said so: a provider's code, a page, a command; never an address.")
    created_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=func.now(), data=DataClass.INTERNAL, meaning="When the row was made."
    )


class SuppressionRemoval(Model):
    """One person asks to take an entry off the list, a second one decides. Stays when the entry has gone."""

    __tablename__ = "suppression_removal"
    __table_args__ = (
        one_of("state", RemovalState),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="second_person"),
        CheckConstraint("(state IN ('approved', 'denied')) = (decided_by IS NOT NULL)", name="decided"),
        Index("uq_suppression_removal_open", "suppression_id", unique=True, postgresql_where=text("state = 'open'")),
    )

    id: Mapped[uuid.UUID] = id_column()
    suppression_id: Mapped[uuid.UUID] = column(
        Uuid, data=DataClass.INTERNAL, meaning="The entry; the id stays when the entry goes."
    )
    channel: Mapped[str] = word("The channel of the entry.")
    reason: Mapped[str] = word("Why the address stood on the list.")
    state: Mapped[str] = word("Where the request stands.", server_default=RemovalState.OPEN)
    asked_by: Mapped[uuid.UUID] = column(Uuid, data=DataClass.INTERNAL, meaning="Who asked.")
    asked_label: Mapped[str] = column(Text, data=DataClass.PII, meaning="What the asking person was called.")
    asked_at: Mapped[datetime] = moment("When it was asked.")
    asked_because: Mapped[str] = word("Why the address may be written to again; never an address.")
    decided_by: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Who decided; never who asked."
    )
    decided_label: Mapped[str | None] = column(
        Text, nullable=True, data=DataClass.PII, meaning="What the deciding person was called."
    )
    decided_at: Mapped[datetime | None] = moment("When it was decided.", nullable=True)
    decided_because: Mapped[str] = word("What the second person said to it.", server_default="")
