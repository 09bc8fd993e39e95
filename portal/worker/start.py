"""Starts a worker or the ticker: the application is loaded once, before any fork, and then work is waited for."""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence

import structlog
from flask import Flask

from portal.app import NotReady, create_app, prepare
from portal.config.channels import Channel
from portal.config.current import current
from portal.config.log_output import configure_logging
from portal.config.problems import ConfigError
from portal.queue import QueueName
from portal.worker.records import quiet_rq
from portal.worker.ticker import tick
from portal.worker.work import work

log = structlog.get_logger("worker")


def main(arguments: Sequence[str]) -> int:
    """Runs until SIGTERM; 0 is a clean end, 1 a start that could not be, with its remedy on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        configure_logging(current(), "ticker" if chosen.what == "tick" else "worker")
        application = create_app()
        prepare(application)
    except (ConfigError, NotReady) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    if chosen.what == "tick":
        return _run(application, "ticker", tick)
    return _run(application, f"worker for {chosen.queue}", lambda: work(chosen.queue))


def _run(application: Flask, name: str, process: Callable[[], None]) -> int:
    quiet_rq()
    with application.app_context():
        # Forked children share the parent's memory as long as nothing moves in it.
        gc.freeze()
        sys.stdout.write(start_sentence(name) + "\n")
        sys.stdout.flush()
        process()
    log.info("worker.stopped", name=name)
    return 0


def start_sentence(name: str) -> str:
    """What stands in the output of every start, so that nobody wonders whether real messages go out."""
    modes = ", ".join(f"{channel} {current().mode_of(channel)}" for channel in Channel)
    return f"The {name} has started: {modes}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.worker", description="Does the portal's work.")
    what = parser.add_subparsers(dest="what", required=True)
    worker = what.add_parser("work", help="listen to one queue")
    worker.add_argument("queue", choices=[name.value for name in QueueName])
    what.add_parser("tick", help="run what is due, and poll while Redis is away")
    return parser
