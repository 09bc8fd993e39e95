"""Turns RQ's own log lines into events of ours, without the values and exception texts that RQ would print."""

import logging

import structlog

log = structlog.get_logger("worker.rq")


class Forward(logging.Handler):
    """Passes on the fixed text of a line and the type of an exception; what was filled in stays out of the logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line of RQ becomes one event."""
        kind = record.exc_info[0] if record.exc_info else None
        log.warning("worker.rq_reports", text=str(record.msg), error=kind.__name__ if kind else "")


def quiet_rq() -> None:
    """RQ reports only what went wrong, and only through us; calling it twice changes nothing."""
    logger = logging.getLogger("rq")
    logger.handlers, logger.propagate = [Forward()], False
    logger.setLevel(logging.WARNING)
    # RQ raises this one to INFO when it is imported.
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
