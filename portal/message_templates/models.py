"""The tables of message templates: a template stands for one purpose, its versions hold the wording."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, Timestamps, column, id_column, one_of


class Urgency(StrEnum):
    """How soon a message of this template must leave."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class TemplateState(StrEnum):
    """Whether a template may still be used for new messages."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class VersionState(StrEnum):
    """A draft is edited; an approved version is sent and never changes; a retired one was approved once."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class MessageTemplate(Timestamps, Model):
    """One customer text with its purpose; what it says stands in its versions."""

    __tablename__ = "message_template"
    __table_args__ = (one_of("urgency", Urgency), one_of("state", TemplateState))

    id: Mapped[uuid.UUID] = id_column()
    key: Mapped[str] = column(Text, unique=True, data=DataClass.INTERNAL, meaning="Short name for machines.")
    name: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Name as staff see it.")
    topic_id: Mapped[uuid.UUID] = column(
        Uuid,
        ForeignKey("topic.id"),
        index=True,
        data=DataClass.INTERNAL,
        meaning="The purpose it is written for.",
    )
    urgency: Mapped[str] = column(
        Text, default=Urgency.NORMAL, data=DataClass.INTERNAL, meaning="How soon its messages must leave."
    )
    state: Mapped[str] = column(
        Text, default=TemplateState.ACTIVE, data=DataClass.INTERNAL, meaning="Whether it may still be used."
    )
    language: Mapped[str] = column(
        Text, server_default="en", data=DataClass.INTERNAL, meaning="Language of the text, for the words around it."
    )
    created_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="Label of who made it.")


class MessageTemplateVersion(Timestamps, Model):
    """One wording of a template. A trigger refuses every change of an approved one except its retirement."""

    __tablename__ = "message_template_version"
    __table_args__ = (
        one_of("state", VersionState),
        CheckConstraint("state = 'draft' OR approved_at IS NOT NULL", name="approved_with_moment"),
        UniqueConstraint("template_id", "number"),
        Index("ix_message_template_version_draft", "template_id", unique=True, postgresql_where=sql("state = 'draft'")),
        Index(
            "ix_message_template_version_approved",
            "template_id",
            unique=True,
            postgresql_where=sql("state = 'approved'"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    template_id: Mapped[uuid.UUID] = column(
        Uuid,
        ForeignKey("message_template.id", ondelete="CASCADE"),
        data=DataClass.INTERNAL,
        meaning="The template it belongs to.",
    )
    number: Mapped[int] = column(Integer, data=DataClass.INTERNAL, meaning="Counts the versions of a template from 1.")
    state: Mapped[str] = column(
        Text, default=VersionState.DRAFT, data=DataClass.INTERNAL, meaning="Draft, approved or retired."
    )
    subject: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Subject line, with fields.")
    body: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="Message in Markdown, with fields.")
    content_hash: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="SHA-256 of subject and body.")
    revision: Mapped[int] = column(
        Integer, default=1, data=DataClass.INTERNAL, meaning="Counts the saves of a draft, to notice two editors."
    )
    created_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="Label of who started it.")
    edited_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="Label of who saved it last.")
    edited_by_id: Mapped[uuid.UUID | None] = column(
        Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Who saved it last, if staff."
    )
    approved_by: Mapped[str | None] = column(
        Text, nullable=True, data=DataClass.PII, meaning="Label of who approved it."
    )
    approved_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=DataClass.INTERNAL, meaning="When it was approved."
    )
    retired_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), nullable=True, data=DataClass.INTERNAL, meaning="When a newer one took its place."
    )
