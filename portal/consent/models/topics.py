"""Topics, and the words by which people are asked."""

import uuid
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, DateTime, Integer, LargeBinary, UniqueConstraint, false, func
from sqlalchemy.orm import Mapped

from portal.consent.models.columns import reference, word
from portal.consent.models.words import LegalBasis, TopicClass, TopicState
from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class Topic(Timestamps, Model):
    """A purpose of writing, with its class and legal basis."""

    __tablename__ = "topic"
    __table_args__ = (
        one_of("topic_class", TopicClass),
        one_of("legal_basis", LegalBasis),
        one_of("state", TopicState),
        CheckConstraint("(cap_messages IS NULL) = (cap_days IS NULL)", name="cap_is_whole"),
        CheckConstraint("cap_messages > 0 AND cap_days > 0", name="cap_counts"),
        CheckConstraint("NOT double_opt_in OR legal_basis = 'consent'", name="confirms_consent"),
    )

    id: Mapped[uuid.UUID] = id_column()
    key: Mapped[str] = word("Short name that imports and interfaces use.", unique=True)
    name: Mapped[str] = word("What clients and staff read.")
    description: Mapped[str] = word("What is sent, and about how often.", server_default="")
    topic_class: Mapped[str] = word("Marketing, transactional or service-legal.")
    legal_basis: Mapped[str] = word("What allows writing on it.")
    state: Mapped[str] = word("Whether anything may be sent on it.", server_default=TopicState.OPEN)
    double_opt_in: Mapped[bool] = column(
        Boolean,
        default=False,
        server_default=false(),
        data=DataClass.INTERNAL,
        meaning="Whether the person has to confirm what they asked for.",
    )
    cap_messages: Mapped[int | None] = column(
        Integer, nullable=True, data=DataClass.INTERNAL, meaning="At most so many messages to one client..."
    )
    cap_days: Mapped[int | None] = column(
        Integer, nullable=True, data=DataClass.INTERNAL, meaning="...in so many days; empty for no limit."
    )
    version: Mapped[int] = column(
        Integer,
        default=1,
        server_default="1",
        data=DataClass.INTERNAL,
        meaning="Counts the changes of what the topic says, from 1.",
    )


class TopicWording(Model):
    """The exact words by which consent was asked for. Never edited: a change is a new version."""

    __tablename__ = "topic_wording"
    __table_args__ = (UniqueConstraint("topic_id", "language", "version"),)

    id: Mapped[uuid.UUID] = id_column()
    topic_id: Mapped[uuid.UUID] = reference("topic.id", "The topic it asks for.")
    language: Mapped[str] = word("Language tag of the text.")
    version: Mapped[int] = column(Integer, data=DataClass.INTERNAL, meaning="Counts from 1 for a topic and language.")
    text: Mapped[str] = word("What people read when they agreed.")
    text_sha256: Mapped[bytes] = column(LargeBinary, data=DataClass.INTERNAL, meaning="Digest of the text.")
    created_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=func.now(), data=DataClass.INTERNAL, meaning="When the row was made."
    )
