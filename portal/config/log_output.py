"""
The log pipeline: structlog and the standard library's loggers in one form, three streams, nothing private.

Everybody logs with structlog.get_logger("area.name"), a constant event name and ids as fields. Areas that begin with
`auth` (sign-ins, refusals with their reason) and `webhooks` are streams of their own; all others are the stream `app`.
Request and job ids are bound with structlog.contextvars.bind_contextvars and stand on every line.
"""

import logging
from pathlib import Path

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from portal.config.between import check
from portal.config.channels import Channel
from portal.config.configuration import Config
from portal.config.log_files import SharedFile, StandardStream, unwritable
from portal.config.log_lines import STREAMS, describe_error, redact, renderer, stamp
from portal.config.logging import LogFormat
from portal.config.redaction import Redactor

COMMAND = "command"
# They log requests with addresses and texts at INFO, or every step of a migration.
TALKATIVE = ("twilio", "urllib3", "asyncio", "alembic")
# They come with handlers of their own, past the redaction.
REDIRECTED = ("gunicorn.error", "gunicorn.access", "werkzeug", "rq.worker", "rq.queue", "rq.job", "alembic")
log = structlog.get_logger("config")


def configure_logging(config: Config, process: str) -> None:
    """Sends every log line of this process where the settings say, and says at start what each channel does."""
    redactor = Redactor(secret.reveal() for _, secret in config.secrets())
    formatter = _formatter(config, process, redactor)
    faults = _place_handlers(config, formatter, process)
    _set_levels(config)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    for fault in faults:
        log.warning("logging.file_unwritable", explanation=fault)
    if process != COMMAND:
        announce(config)


def announce(config: Config) -> None:
    """Says what each channel does in this process, and every warning about the settings."""
    modes = {str(channel): str(config.mode_of(channel)) for channel in Channel}
    log.info("process.started", **modes, sending_enabled=config.general.sending_enabled)
    for problem in check({group.name: group for group in config.groups()}):
        log.warning("config.warning", variable=problem.variable, wrong=problem.wrong, mend=problem.mend)


def _formatter(config: Config, process: str, redactor: Redactor) -> logging.Formatter:
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        stamp(process),
        describe_error(with_text=config.logging.format is LogFormat.VERBOSE),
        redact(redactor),
        ProcessorFormatter.remove_processors_meta,
    ]
    return ProcessorFormatter(processors=[*steps, renderer(config.logging.format)])


def _place_handlers(config: Config, formatter: logging.Formatter, process: str) -> list[str]:
    faults: list[str] = []
    for stream, path in config.logging.files().items():
        logger = logging.getLogger("" if stream == "app" else stream)
        _remove_handlers(logger)
        handler = _file_handler(config, path, faults) if path else None
        logger.propagate = handler is None
        if handler is None and stream == "app":
            handler = StandardStream(errors=process == COMMAND)
        if handler is not None:
            handler.setFormatter(formatter)
            logger.addHandler(handler)
    return faults


def _file_handler(config: Config, path: Path, faults: list[str]) -> logging.Handler | None:
    try:
        return SharedFile(path, config.logging.max_bytes, config.logging.backups)
    except OSError as error:
        faults.append(unwritable(path, error.strerror))
        return None


def _remove_handlers(logger: logging.Logger) -> None:
    for handler in [handler for handler in logger.handlers if isinstance(handler, StandardStream | SharedFile)]:
        logger.removeHandler(handler)
        handler.close()


def _set_levels(config: Config) -> None:
    logging.getLogger().setLevel(config.logging.level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in REDIRECTED:
        foreign = logging.getLogger(name)
        foreign.handlers.clear()
        foreign.propagate = True
    for area, level in config.logging.levels.items():
        logging.getLogger(area).setLevel(level)


__all__ = ["COMMAND", "STREAMS", "configure_logging"]
