"""Runs the periodic tasks that are due, each in a transaction that also notes the run: none skipped, none doubled."""

import time

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.db import new_session, transaction
from portal.queue import PERIODIC, Periodic
from portal.queue.models import PeriodicRun

log = structlog.get_logger("worker.tasks")


def run_due_tasks() -> int:
    """Runs what is due by the database's clock and says how many ran; one failing task never stops the others."""
    try:
        resting = _resting()
        return sum(_run(task) for task in list(PERIODIC.values()) if task.name not in resting)
    except SQLAlchemyError as error:
        log.warning("ticker.database_away", error=type(error).__name__)
        return 0


def _resting() -> set[str]:
    with new_session() as session:
        tasks = [PeriodicRun.name == task.name for task in PERIODIC.values()]
        rests = [name & ~_due(task) for name, task in zip(tasks, PERIODIC.values(), strict=True)]
        return set(session.scalars(select(PeriodicRun.name).where(or_(False, *rests))))


def _due(task: Periodic) -> ColumnElement[bool]:
    last = PeriodicRun.last_run_at
    # A run noted in the future is left from a clock that was put back since.
    return or_(last.is_(None), last + task.interval <= func.now(), last > func.now())


def _run(task: Periodic) -> bool:
    started = time.monotonic()
    try:
        with current_app.app_context(), transaction() as session:
            if not _take(session, task):
                return False
            task.function(session)
            _note(session, task, started, "")
    except Exception as error:  # noqa: BLE001 - the other tasks must run
        _failed(task, started, error)
    return True


def _take(session: Session, task: Periodic) -> bool:
    session.execute(insert(PeriodicRun).values(name=task.name).on_conflict_do_nothing())
    mine = select(PeriodicRun.name).where(PeriodicRun.name == task.name, _due(task)).with_for_update(skip_locked=True)
    return session.scalar(mine) is not None


def _failed(task: Periodic, started: float, error: Exception) -> None:
    facts = {"task": task.name, "error": type(error).__name__, "code": str(getattr(error, "code", "") or "")}
    log.error("ticker.task_failed", **facts)
    with new_session() as session, session.begin():
        _take(session, task)
        _note(session, task, started, type(error).__name__)


def _note(session: Session, task: Periodic, started: float, error: str) -> None:
    session.execute(
        update(PeriodicRun)
        .where(PeriodicRun.name == task.name)
        .values(
            last_run_at=func.now(),
            last_ok_at=PeriodicRun.last_ok_at if error else func.now(),
            last_error=error,
            seconds=time.monotonic() - started,
            runs=PeriodicRun.runs + 1,
        )
    )
