"""The tables of clients: the people we write to, their addresses, and the searches of staff for one of them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, relationship

from portal.crypto.columns import SealedTextOrNone, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class ClientState(StrEnum):
    """Whether a client may be written to: yes; not while a restriction stands; never again."""

    ACTIVE = "active"
    RESTRICTED = "restricted"
    ERASING = "erasing"
    ERASED = "erased"


class Source(StrEnum):
    """How a client came to us."""

    STAFF = "staff"
    IMPORT = "import"
    API = "api"
    FORM = "form"
    DEMO = "demo"


class Channel(StrEnum):
    """A way to reach a client."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class PointState(StrEnum):
    """Whether an address works, has proved dead, or was taken away by an erasure."""

    USABLE = "usable"
    UNUSABLE = "unusable"
    ERASED = "erased"


class Client(Timestamps, Model):
    """One person we write to. An erased one stays as an empty shell, so that what was done keeps its reference."""

    __tablename__ = "client"
    __table_args__ = (
        one_of("state", ClientState),
        one_of("source", Source),
        CheckConstraint("(full_name IS NULL) = (state = 'erased')", name="named_until_erased"),
    )

    id: Mapped[uuid.UUID] = id_column()
    number: Mapped[int] = column(
        BigInteger,
        Identity(always=True),
        unique=True,
        data=DataClass.INTERNAL,
        meaning="What people call the client, as C-000123; gaps mean nothing.",
    )
    _full_name: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_PII, "client.full_name", meaning="Name; empty once erased.", nullable=True
    )
    language: Mapped[str] = column(Text, data=DataClass.PII, meaning="Language we write in, as ISO 639.")
    time_zone: Mapped[str] = column(Text, data=DataClass.PII, meaning="Zone in which the client lives.")
    country: Mapped[str | None] = column(Text, nullable=True, data=DataClass.PII, meaning="Country, as ISO 3166.")
    state: Mapped[str] = column(
        Text,
        default=ClientState.ACTIVE,
        server_default="active",
        data=DataClass.INTERNAL,
        meaning="Active, restricted, erasing or erased.",
    )
    source: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="How the client came to us.")

    full_name = SealedTextOrNone("_full_name")
    contact_points: Mapped[list["ContactPoint"]] = relationship(
        back_populates="client",
        order_by="ContactPoint.id",
        lazy="raise",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class ContactPoint(Timestamps, Model):
    """One address of a client on one channel; nobody else has it on that channel."""

    __tablename__ = "contact_point"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", PointState),
        CheckConstraint(
            "(address IS NULL) = (state = 'erased') AND (address_index IS NULL) = (state = 'erased')",
            name="addressed_until_erased",
        ),
        Index("uq_contact_point_channel_address_index", "channel", "address_index", unique=True),
        Index(None, "client_id"),
    )

    id: Mapped[uuid.UUID] = id_column()
    client_id: Mapped[uuid.UUID] = column(
        Uuid,
        ForeignKey("client.id", ondelete="CASCADE"),
        data=DataClass.INTERNAL,
        meaning="The client it reaches.",
    )
    channel: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="The way it reaches them.")
    _address: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_PII,
        "contact_point.address",
        meaning="Address as the provider takes it; empty once erased.",
        nullable=True,
    )
    address_index: Mapped[bytes | None] = column(
        LargeBinary(16), nullable=True, data=DataClass.SECRET, meaning="Keyed hash of the address, to find it."
    )
    state: Mapped[str] = column(
        Text,
        default=PointState.USABLE,
        server_default="usable",
        data=DataClass.INTERNAL,
        meaning="Usable, unusable or erased.",
    )

    address = SealedTextOrNone("_address")
    client: Mapped[Client] = relationship(back_populates="contact_points", lazy="raise")


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
