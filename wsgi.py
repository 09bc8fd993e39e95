"""The entry of the web server (`wsgi:serve()`) and of the flask command (`wsgi:app`)."""

import sys

from flask import Flask
from portal.app import NotReady, create_app, prepare, repair_app
from portal.config.current import current
from portal.config.log_output import COMMAND, configure_logging
from portal.config.problems import ConfigError


def serve() -> Flask:
    """A checked application for the web server, or one sentence on standard error and exit code 1."""
    try:
        configure_logging(current(), "web")
        application = create_app()
        prepare(application)
    except (ConfigError, NotReady) as reason:
        sys.stderr.write(f"{reason}\n")
        raise SystemExit(1) from None
    return application


def __getattr__(name: str) -> Flask:
    """Makes `app` when asked for it, so that the web server does not make a second one."""
    if name != "app":
        raise AttributeError(name)
    try:
        configure_logging(current(), COMMAND)
        return create_app()
    except ConfigError as reason:
        if found := repair_app(reason):
            return found
        sys.stderr.write(f"{reason}\n")
        raise SystemExit(2) from None
