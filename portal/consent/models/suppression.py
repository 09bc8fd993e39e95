"""The suppression list, with its words."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, func
from sqlalchemy.orm import Mapped

from portal.config.channels import Channel
from portal.consent.models.columns import word
from portal.db import DataClass, Model, column, id_column, one_of


class SuppressionScope(StrEnum):
    """What a suppression stops."""

    ALL = "all"


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    ERASED = "erased"


class Suppression(Model):
    """A keyed hash of an address that must not be written to. Holds no address, so it outlives erasure."""

    __tablename__ = "suppression"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("scope", SuppressionScope),
        one_of("reason", SuppressionReason),
        Index("uq_suppression_address_hash_channel_scope", "address_hash", "channel", "scope", unique=True),
    )

    id: Mapped[uuid.UUID] = id_column()
    address_hash: Mapped[bytes] = column(
        LargeBinary, data=DataClass.SECRET, meaning="HMAC of the normalised address under a suppression key."
    )
    key_id: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="Suppression key that made the hash.")
    channel: Mapped[str] = word("The channel it holds for.")
    scope: Mapped[str] = word("What it stops.")
    reason: Mapped[str] = word("Why.")
    source: Mapped[str] = word("What said so: a provider's code, a page, a command; never an address.")
    created_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=func.now(), data=DataClass.INTERNAL, meaning="When the row was made."
    )
