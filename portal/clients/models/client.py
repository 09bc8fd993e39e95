"""The tables of clients and contact points: one row for each person we write to, one for each of their addresses."""

import json
import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, Uuid, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, relationship

from portal.clients.models.words import Channel, ClientState, PointKind, PointState, Source, ZoneSource
from portal.crypto.columns import SealedTextOrNone, sealed_column
from portal.crypto.purposes import Purpose
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class Client(Timestamps, Model):
    """One person we write to. An erased one stays as an empty shell, so that what was done keeps its reference."""

    __tablename__ = "client"
    __table_args__ = (
        one_of("state", ClientState),
        one_of("source", Source),
        one_of("time_zone_source", ZoneSource),
        CheckConstraint("(full_name IS NULL) = (state = 'erased')", name="named_until_erased"),
        CheckConstraint("attributes IS NULL OR state <> 'erased'", name="attributes_until_erased"),
        CheckConstraint(
            "merged_into_id IS NULL OR (state = 'erased' AND merged_into_id <> id)", name="merged_is_erased"
        ),
        Index(None, "owner_id"),
        Index(None, "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
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
    time_zone_source: Mapped[str] = column(
        Text,
        default=ZoneSource.DECLARED,
        server_default="declared",
        data=DataClass.INTERNAL,
        meaning="How we know the zone.",
    )
    country: Mapped[str | None] = column(Text, nullable=True, data=DataClass.PII, meaning="Country, as ISO 3166.")
    state: Mapped[str] = column(
        Text,
        default=ClientState.ACTIVE,
        server_default="active",
        data=DataClass.INTERNAL,
        meaning="Active, restricted, erasing or erased.",
    )
    source: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="How the client came to us.")

    owner_id: Mapped[uuid.UUID | None] = column(
        Uuid,
        ForeignKey("staff_member.id", ondelete="SET NULL"),
        nullable=True,
        data=DataClass.INTERNAL,
        meaning="The member of staff who looks after the client.",
    )
    department: Mapped[str] = column(
        Text,
        default="",
        server_default="",
        data=DataClass.INTERNAL,
        meaning="The department that looks after the client.",
    )
    _attributes: Mapped[bytes | None] = sealed_column(
        Purpose.FIELD_PII, "client.attributes", meaning="What else is known, by name, as JSON.", nullable=True
    )
    merged_into_id: Mapped[uuid.UUID | None] = column(
        Uuid,
        ForeignKey("client.id"),
        nullable=True,
        data=DataClass.INTERNAL,
        meaning="The client kept when two turned out to be one person; this row is then an empty shell.",
    )

    full_name = SealedTextOrNone("_full_name")
    attributes_json = SealedTextOrNone("_attributes")
    contact_points: Mapped[list["ContactPoint"]] = relationship(
        back_populates="client",
        order_by="[ContactPoint.channel, ContactPoint.id]",
        lazy="raise",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def attributes(self) -> dict[str, str]:
        """What else is known, by name; nothing where the cell cannot be read."""
        known: dict[str, str] = json.loads(self.attributes_json or "{}")
        return known

    @property
    def live_points(self) -> list["ContactPoint"]:
        """The addresses that were not taken away, by channel, the oldest first."""
        return [point for point in self.contact_points if point.state != PointState.ERASED]


def _kind_of_channel(context: DefaultExecutionContext) -> str:
    """Email on its own channel, else a phone number; only a WhatsApp identity has to be named."""
    channel = context.get_current_parameters()["channel"]  # type: ignore[no-untyped-call]
    return PointKind.EMAIL if channel == Channel.EMAIL else PointKind.PHONE


class ContactPoint(Timestamps, Model):
    """One address of a client on one channel; nobody else has it on that channel."""

    __tablename__ = "contact_point"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("kind", PointKind),
        one_of("state", PointState),
        CheckConstraint(
            "(address IS NULL) = (state = 'erased') AND (address_index IS NULL) = (state IN ('erased', 'raw'))",
            name="addressed_until_erased",
        ),
        CheckConstraint(
            "(kind = 'email') = (channel = 'email') AND (kind <> 'whatsapp_id' OR channel = 'whatsapp')",
            name="kind_fits_channel",
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
    kind: Mapped[str] = column(
        Text,
        default=_kind_of_channel,
        server_default="email",
        data=DataClass.INTERNAL,
        meaning="Email, phone or WhatsApp identity.",
    )
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
        meaning="Usable, unusable, raw or erased.",
    )

    address = SealedTextOrNone("_address")
    client: Mapped[Client] = relationship(back_populates="contact_points", lazy="raise")
