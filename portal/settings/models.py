"""The stored settings: present values, every change there ever was, and the generation processes watch."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, Timestamps, column, id_column


class StoredSetting(Timestamps, Model):
    """The present value of one setting that staff changed; the others stand at their default."""

    __tablename__ = "setting"

    key: Mapped[str] = column(Text, primary_key=True, data=DataClass.PUBLIC, meaning="Name of the setting.")
    value: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="The value as its kind writes it.")
    generation: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="Generation of the last change.")
    changed_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="Label of who changed it last.")
    changed_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When it was changed last."
    )


class SettingChange(Model):
    """One change of one setting. Append-only: a trigger refuses update, delete and truncate."""

    __tablename__ = "setting_change"
    __table_args__ = (Index(None, "key", "generation"),)

    id: Mapped[uuid.UUID] = id_column()
    key: Mapped[str] = column(Text, data=DataClass.PUBLIC, meaning="Name of the setting.")
    old_value: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="The value before, default or stored.")
    new_value: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="The value after.")
    generation: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="Generation this change made.")
    changed_by: Mapped[str] = column(Text, data=DataClass.PII, meaning="Label of who changed it.")
    actor_id: Mapped[uuid.UUID | None] = column(Uuid, nullable=True, data=DataClass.INTERNAL, meaning="Who, if staff.")
    reason: Mapped[str] = column(Text, server_default="", data=DataClass.INTERNAL, meaning="Why, in their words.")
    changed_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=text("now()"), data=DataClass.INTERNAL, meaning="When."
    )


class SettingGeneration(Model):
    """The one row every process watches: a new generation means that some setting changed."""

    __tablename__ = "setting_generation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = column(
        SmallInteger, primary_key=True, autoincrement=False, data=DataClass.PUBLIC, meaning="Always 1."
    )
    generation: Mapped[int] = column(BigInteger, data=DataClass.INTERNAL, meaning="Counts the saves of settings.")
    changed_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When the generation was made."
    )
