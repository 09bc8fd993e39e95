"""The tables of the workers: who is alive, and when each periodic task ran; no personal data."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Double, Integer, Text, text
from sqlalchemy.orm import Mapped

from portal.db import DataClass, Model, column, id_column

INTERNAL = DataClass.INTERNAL


class ProcessHeartbeat(Model):
    """One living worker or ticker. Taken away at its end; one that was killed is swept when it is long unseen."""

    __tablename__ = "process_heartbeat"
    __table_args__ = (CheckConstraint("kind IN ('worker', 'ticker')", name="kind"),)

    id: Mapped[uuid.UUID] = id_column()
    kind: Mapped[str] = column(Text, data=INTERNAL, meaning="Worker or ticker.")
    host: Mapped[str] = column(Text, data=INTERNAL, meaning="The machine it runs on.")
    pid: Mapped[int] = column(Integer, data=INTERNAL, meaning="Its process id on that machine.")
    queue: Mapped[str] = column(Text, server_default="", data=INTERNAL, meaning="The queue a worker listens to.")
    state: Mapped[str] = column(Text, server_default="", data=INTERNAL, meaning="What it is doing: leading, waiting …")
    started_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=text("now()"), data=INTERNAL, meaning="When it started."
    )
    seen_at: Mapped[datetime] = column(
        DateTime(timezone=True), server_default=text("now()"), data=INTERNAL, meaning="When it last said that it lives."
    )
    version: Mapped[str] = column(Text, data=INTERNAL, meaning="The version of the portal it runs.")


class PeriodicRun(Model):
    """When a periodic task last ran and how that ended; written in the task's own transaction."""

    __tablename__ = "periodic_run"

    name: Mapped[str] = column(Text, primary_key=True, data=INTERNAL, meaning="The name of the task.")
    last_run_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=INTERNAL, meaning="When it last ran, well or not, by the database's clock."
    )
    last_ok_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), data=INTERNAL, meaning="When it last ran well."
    )
    last_error: Mapped[str] = column(
        Text, server_default="", data=INTERNAL, meaning="The type of error of the last run; empty when it went well."
    )
    seconds: Mapped[float | None] = column(Double, data=INTERNAL, meaning="How long the last run took.")
    runs: Mapped[int] = column(BigInteger, server_default="0", data=INTERNAL, meaning="How often it ran.")
