"""
Error pages: what happened, what it means, what to do, and a reference. Never a trace, never a technical word.

The shell is shown only while the person is already known, because loading it may be what failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, Response, g, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from portal.db import db, utc_now
from portal.web.access import ACTS, Holders, Permission, current_user, holders_of, known_user
from portal.web.error_texts import DATABASE_DOWN, EXPIRED_FORM, TEXTS, Text
from portal.web.htmx import hx_response, is_partial
from portal.web.trace import where

log = structlog.get_logger("web.errors")
access_log = structlog.get_logger("auth.access")


class PortalError(Exception):
    """An answer other than success, in words for the person in front of the page."""

    def __init__(self, status: int, title: str, text: str, remedy: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text
        self.remedy = remedy


class Forbidden(PortalError):
    """The person lacks a permission; the page names the role and whom to ask."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__(403, "You need another role", f"{ACTS[permission]} is open to other roles.")


@dataclass(frozen=True)
class Problem:
    """All an error page shows."""

    status: int
    title: str
    text: str
    remedy: str = ""
    icon: str = "alert"
    kind: str = "warn"
    people: Sequence[str] = field(default_factory=tuple)
    email: str = ""

    @property
    def ours(self) -> bool:
        """Whether the fault is on our side, so that a reference and another try are worth offering."""
        return self.status >= 500


def problem_of(error: PortalError) -> Problem:
    """What the page says about one of our own errors."""
    if isinstance(error, Forbidden):
        return _forbidden(error.permission, holders_of(error.permission))
    texts = TEXTS.get(error.status, TEXTS[400])
    return Problem(error.status, error.title, error.text, error.remedy, texts.icon, texts.kind)


def _forbidden(permission: Permission, holders: Holders) -> Problem:
    user = known_user()
    signed_in = f" You are signed in as {user.label}, {user.role_label}." if user else ""
    roles = join_words(holders.roles, "or")
    title = f"You need the role {roles}" if roles else "You need another role"
    word = "role" if len(holders.roles) == 1 else "roles"
    text = f"{ACTS[permission]} is open to {f'the {word} {roles}' if roles else 'other roles'}.{signed_in}"
    people = join_words(holders.people, "and")
    remedy = f"{people} can do it for you, or give you the role." if people else "Ask an administrator for the role."
    return Problem(403, title, text, remedy, "lock", "warn", holders.people, holders.email)


def join_words(words: Sequence[str], last: str) -> str:
    """A list as a sentence has it: `Ann, Bo and Cy`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def answer(problem: Problem) -> Response:
    """The page, or for a fragment a notice placed in the page's own region, so that no table cell takes it."""
    # In UTC: the reader's zone may be what cannot be loaded.
    moment = f"{utc_now():%-d %b %Y, %H:%M:%S} UTC"
    facts: dict[str, Any] = {"problem": problem, "reference": g.get("request_id", ""), "moment": moment}
    if is_partial():
        body = render_template("errors/_notice.html", **facts)
        return hx_response(body, problem.status, retarget="#problems", reswap="innerHTML show:top")
    return make_response(_page(facts), problem.status)


def _page(facts: dict[str, Any]) -> str:
    try:
        if (facts["problem"].ours and known_user() is None) or current_user() is None:
            return render_template("errors/plain.html", **facts)
        return render_template("errors/page.html", **facts)
    except Exception as error:  # noqa: BLE001 - the shell itself is broken; the plain page still stands
        log.error("error_page.shell_failed", error=type(error).__name__)  # noqa: TRY400 - a trace may hold values
        g.heedful_user = None
        return render_template("errors/plain.html", **facts)


def from_text(status: int, text: Text) -> Problem:
    """A problem with one of the stored texts."""
    return Problem(status, text.title, text.text, text.remedy, text.icon, text.kind)


def on_http_error(error: HTTPException) -> Response:
    """An answer of the framework: not found, wrong method, too large and so on."""
    status = error.code or 500
    log_problem(status, type(error).__name__)
    response = answer(from_text(status, TEXTS.get(status, TEXTS[400 if status < 500 else 500])))
    kept = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    response.headers.extend(kept)
    return response


def on_portal_error(error: PortalError) -> Response:
    """An answer of our own."""
    log_problem(error.status, type(error).__name__)
    return answer(problem_of(error))


def on_expired_form(error: CSRFError) -> Response:
    """A form without a valid token: mostly a page left open too long, so it says that the text is kept."""
    log_problem(400, "csrf", reason=error.description)
    return answer(from_text(400, EXPIRED_FORM))


def on_database_down(error: Exception) -> Response:
    """The database does not answer. The process lives on and says so, without asking it anything more."""
    log.error("database.unavailable", error=type(error).__name__)
    log_problem(503, "database_down")
    g.heedful_user = None
    _roll_back()
    response = answer(from_text(503, DATABASE_DOWN))
    response.headers["Retry-After"] = "10"
    return response


def on_crash(error: Exception) -> Response:
    """A fault of ours. The log gets the places in the code, never the message, which may hold personal data."""
    log.error("request.failed", error=type(error).__name__, where=where(error))
    log_problem(500, type(error).__name__)
    _roll_back()
    return answer(from_text(500, TEXTS[500]))


def _roll_back() -> None:
    try:
        db.session.rollback()
    except Exception as error:  # noqa: BLE001 - the connection is gone already; nothing is left to undo
        log.warning("rollback.failed", error=type(error).__name__)


def log_problem(status: int, error: str, reason: str | None = "") -> None:
    """Refusals by us and faults of ours go to the stream of sign-ins, with their reason."""
    if status in (400, 403, 429) or status >= 500:
        access_log.warning("request.answered", status=status, error=error, reason=reason)


def install(app: Flask) -> None:
    """Answers every error in words. Debugging does not change this: traces are for the log."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_error_handler(CSRFError, on_expired_form)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(PortalError, on_portal_error)
    for down in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(down, on_database_down)
    app.register_error_handler(Exception, on_crash)
