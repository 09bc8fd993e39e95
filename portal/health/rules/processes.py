"""From signs of life to states of workers and ticker. Pure."""

from collections.abc import Sequence
from datetime import datetime

from portal.health.rules.report import Kind, Part, Report
from portal.health.rules.thresholds import ago
from portal.queue.processes import ProcessSeen

START = "make run starts it; on a server, start the service that runs"


def workers_report(seen: Sequence[ProcessSeen], queues: Sequence[str], now: datetime) -> Report:
    """Whether every queue has a living worker."""
    alive = [one for one in seen if one.kind == "worker" and one.alive]
    missing = sorted(set(queues) - {one.queue for one in alive})
    sub = f"{len(queues) - len(missing)} of {len(queues)} queues"
    figures = f"{len(alive)} alive, {_last(alive, now)}" if alive else "none alive"
    if missing:
        remedy = f"{START} python -m portal.worker work {missing[0]}. Until then the ticker does its work, later."
        return Report(Part.WORKERS, "Workers", Kind.BAD, "Missing", figures, remedy, sub)
    return Report(Part.WORKERS, "Workers", Kind.OK, "Working", figures, sub=sub)


def ticker_report(seen: Sequence[ProcessSeen], failing: Sequence[str], now: datetime) -> Report:
    """Whether a ticker lives, and whether its tasks run well."""
    alive = [one for one in seen if one.kind == "ticker" and one.alive]
    sub = "schedules and retries"
    if not alive:
        remedy = f"{START} python -m portal.worker tick. Until then nothing scheduled starts."
        return Report(Part.TICKER, "Ticker", Kind.BAD, "Missing", "none alive", remedy, sub)
    if failing:
        figures = f"{_last(alive, now)}; failing: {', '.join(failing)}"
        remedy = "Look for ticker.task_failed in the log; the task is tried again by itself."
        return Report(Part.TICKER, "Ticker", Kind.WARN, "Failing", figures, remedy, sub)
    return Report(Part.TICKER, "Ticker", Kind.OK, "Working", _last(alive, now), sub=sub)


def _last(alive: Sequence[ProcessSeen], now: datetime) -> str:
    newest = max(one.seen_at for one in alive)
    return f"last heartbeat {ago(max(now - newest, now - now))} ago"
