"""Ties log lines to one request: its id, bound for every line and sent back to the browser."""

import secrets
import traceback

import structlog
from flask import Flask, Response, g

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A name for one request that can be read out on the telephone: 60 random bits without look-alikes."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def where(error: BaseException) -> list[str]:
    """The places in the code an error came through, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _begin() -> None:
    g.request_id = new_reference()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _send_back(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    return response


def install(app: Flask) -> None:
    """Names every request, before anything else may want to log."""
    app.before_request(_begin)
    app.after_request(_send_back)
