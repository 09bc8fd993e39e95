"""The table of searches: what a member of staff looks for, so that no address gets into a URL."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Uuid
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, column, id_column


class ClientSearch(Model):
    """What a member of staff looks for, kept here for a while so that no address gets into a URL."""

    __tablename__ = "client_search"
    __table_args__ = (
        CheckConstraint("(address_index IS NULL) <> (number IS NULL)", name="one_term"),
        Index(None, "expires_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    staff_id: Mapped[uuid.UUID] = column(
        Uuid,
        ForeignKey("staff_member.id", ondelete="CASCADE"),
        data=DataClass.INTERNAL,
        meaning="Who searches; nobody else may use it.",
    )
    address_index: Mapped[bytes | None] = column(
        LargeBinary(16), nullable=True, data=DataClass.SECRET, meaning="Keyed hash of the address that was typed."
    )
    number: Mapped[int | None] = column(
        BigInteger, nullable=True, data=DataClass.INTERNAL, meaning="Number of the client that was typed."
    )
    expires_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When it is forgotten."
    )
