"""The one table of the preference centre: who asked for a fresh link, as keyed hashes, until it was answered."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, column, id_column


class LinkRequest(Model):
    """
    Somebody typed an address and asked for a link. The same row for known and unknown addresses.

    Whether the address is a client's is looked up later, by the ticker: so the page does the same work for both.
    """

    __tablename__ = "link_request"
    __table_args__ = (
        Index(None, "address_index", "asked_at"),
        Index(None, "network_hash", "asked_at"),
        Index("ix_link_request_waiting", "asked_at", postgresql_where=sql("answered_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = id_column()
    address_index: Mapped[bytes] = column(
        LargeBinary(16), data=DataClass.SECRET, meaning="Keyed hash of the address that was typed."
    )
    network_hash: Mapped[bytes] = column(
        LargeBinary(16), data=DataClass.SECRET, meaning="Keyed hash of the network it came from."
    )
    language: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Language of the page it was asked on.")
    asked_at: Mapped[datetime] = column(DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When it was asked.")
    answered_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=DataClass.INTERNAL, meaning="When it was dealt with."
    )
