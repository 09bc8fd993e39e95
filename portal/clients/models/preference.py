"""The table of contact preferences: how a client wants to be written to; no row means no wish."""

import uuid
from datetime import datetime, time

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text, Time, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from portal.clients.models.words import Frequency
from portal.db import DataClass, Model, column, one_of


class ClientPreference(Model):
    """The wishes of one client: which channel first, at what hours, how often."""

    __tablename__ = "client_preference"
    __table_args__ = (
        one_of("frequency", Frequency),
        CheckConstraint("channel_order <@ ARRAY['email', 'sms', 'whatsapp']", name="channels_known"),
        CheckConstraint(
            "num_nonnulls(contact_from, contact_until) <> 1"
            " AND (contact_from IS NULL OR contact_from <> contact_until)",
            name="hours_whole",
        ),
    )

    client_id: Mapped[uuid.UUID] = column(
        Uuid,
        ForeignKey("client.id", ondelete="CASCADE"),
        primary_key=True,
        data=DataClass.INTERNAL,
        meaning="Whose wishes they are.",
    )
    channel_order: Mapped[list[str]] = column(
        ARRAY(Text),
        default=list,
        server_default="{}",
        data=DataClass.PII,
        meaning="Channels in the order the client likes; those left out come last.",
    )
    contact_from: Mapped[time | None] = column(
        Time, nullable=True, data=DataClass.PII, meaning="Start of the hours for messages, in the client's zone."
    )
    contact_until: Mapped[time | None] = column(
        Time, nullable=True, data=DataClass.PII, meaning="End of the hours for messages, in the client's zone."
    )
    frequency: Mapped[str] = column(
        Text,
        default=Frequency.EVERY,
        server_default="every",
        data=DataClass.PII,
        meaning="How often marketing may come.",
    )
    updated_at: Mapped[datetime] = column(
        DateTime(timezone=True),
        server_default=text("now()"),
        data=DataClass.INTERNAL,
        meaning="When the row last changed; kept by the trigger heedful_touch_updated_at.",
    )
