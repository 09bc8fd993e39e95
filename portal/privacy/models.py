"""What people ask about their data; each right that is asked for is a row of its own."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import DateTime, ForeignKey, Index, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, column, id_column, one_of


class RequestKind(StrEnum):
    """The right that is asked for."""

    ACCESS = "access"
    ERASURE = "erasure"


class RequestState(StrEnum):
    """How far a request is."""

    RECEIVED = "received"


class RequestOrigin(StrEnum):
    """Where it was asked."""

    PREFERENCE_CENTRE = "preference_centre"


class PrivacyRequest(Model):
    """One request of a person. Who asked is not proved yet: the link of a message can be passed on."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("state", RequestState),
        one_of("origin", RequestOrigin),
        Index("uq_privacy_request_open", "client_id", "kind", unique=True, postgresql_where=sql("state = 'received'")),
    )

    id: Mapped[uuid.UUID] = id_column()
    client_id: Mapped[uuid.UUID] = column(
        Uuid, ForeignKey("client.id", ondelete="CASCADE"), data=DataClass.INTERNAL, meaning="Whose data it is about."
    )
    kind: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Access or erasure.")
    state: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="How far it is.")
    origin: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Where it was asked.")
    contact_point_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Address whose link was used; kept when it goes."
    )
    received_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When it came in; the legal clock starts here."
    )
