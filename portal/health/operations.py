"""Remembering how each part was found, so that the page can truly say since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.health.models import HealthState
from portal.health.rules.report import Report


@dataclass(frozen=True, slots=True)
class Seen:
    """A report with the moment its state began; without one when it could not be remembered."""

    report: Report
    since: datetime | None


def observe(session: Session, reports: Sequence[Report]) -> list[Seen]:
    """Keeps the reports. Since moves only where the state word changed, whoever looked in between."""
    rows = [_row(report) for report in sorted(reports, key=lambda report: report.part)]
    new = insert(HealthState).values(rows)
    changed = HealthState.state != new.excluded.state
    kept: dict[str, Any] = {
        name: new.excluded[name] for name in ("name", "state", "kind", "figures", "remedy", "checked_at")
    }
    kept["since"] = case((changed, new.excluded.since), else_=HealthState.since)
    upsert = new.on_conflict_do_update(index_elements=["part"], set_=kept)
    since = {row.part: row.since for row in session.execute(upsert.returning(HealthState.part, HealthState.since))}
    return [Seen(report, since[report.part]) for report in reports]


def _row(report: Report) -> dict[str, object]:
    facts = {
        "name": report.name,
        "state": report.state,
        "kind": report.kind,
        "figures": report.figures,
        "remedy": report.remedy,
    }
    return {"part": report.part, **facts, "since": func.clock_timestamp(), "checked_at": func.clock_timestamp()}
