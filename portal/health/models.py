"""What the health page remembers: the state of each part and since when it has been so."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Text
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, Timestamps, column


class HealthState(Timestamps, Model):
    """The last known state of one part. Since moves only when the state changes, so that the page tells the truth."""

    __tablename__ = "health_state"
    __table_args__ = (CheckConstraint("kind IN ('ok', 'warn', 'bad', 'none')", name="kind"),)

    part: Mapped[str] = column(
        Text, primary_key=True, data=DataClass.PUBLIC, meaning="Name of the part that is watched."
    )
    name: Mapped[str] = column(Text, data=DataClass.PUBLIC, meaning="What the part is called on pages.")
    state: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="State word of the part.")
    kind: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="ok, warn, bad or none.")
    figures: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="What was measured, in our own words.")
    remedy: Mapped[str] = column(Text, data=DataClass.INTERNAL, meaning="What to do, in our own words.")
    since: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="Since when the part is in this state."
    )
    checked_at: Mapped[datetime] = column(
        DateTime(timezone=True), data=DataClass.INTERNAL, meaning="When the part was last looked at."
    )
