"""Tells the log, and whoever listens, that a sealed cell could not be opened; never what the cell holds."""

import time
from collections.abc import Callable

import structlog

from portal.crypto.errors import CellError

REPEAT_AFTER = 600.0
REMEMBERED = 10_000

Listener = Callable[[CellError], None]

log = structlog.get_logger("crypto.alarms")
_listeners: list[Listener] = []
_told: dict[tuple[str, object], float] = {}


def on_undecryptable(listener: Listener) -> Callable[[], None]:
    """Calls the listener for each unreadable cell, at most every ten minutes for the same cell. Returns how to stop."""
    if listener not in _listeners:
        _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def raise_alarm(error: CellError) -> None:
    """Writes the security event. A listener that fails is logged, since the page around the cell must go on."""
    log.error(
        "crypto.cell_undecryptable",
        code=error.code,
        context=error.context,
        row_id=str(error.row_id),
        key_id=error.key_id,
    )
    if _told_lately(error):
        return
    for listener in _listeners:
        try:
            listener(error)
        except Exception as failure:  # noqa: BLE001 - see the docstring; its text could hold values, so only its type
            log.error("crypto.alarm_failed", failure=type(failure).__name__, context=error.context)  # noqa: TRY400


def _told_lately(error: CellError) -> bool:
    now, cell = time.monotonic(), (error.context, error.row_id)
    if len(_told) >= REMEMBERED:
        _told.clear()
    lately = now - _told.get(cell, -REPEAT_AFTER) < REPEAT_AFTER
    if not lately:
        _told[cell] = now
    return lately
