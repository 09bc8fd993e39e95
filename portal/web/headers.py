"""Security headers of every answer, allowed hosts, and how long a browser may keep things."""

from collections.abc import Iterable

import structlog
from flask import Flask, Response
from werkzeug.sansio.utils import host_is_trusted

from portal.web.error_texts import HOST_REFUSED
from portal.web.htmx import request

log = structlog.get_logger("auth.access")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: over https Flask-WTF checks the referrer of every form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def clear_site_data(response: Response) -> Response:
    """Asks the browser to drop what it kept of this portal; for the answer to signing out."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _keep_nothing(response: Response) -> Response:
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _secure(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    return response


def install_hosts(app: Flask, allowed: Iterable[str]) -> None:
    """Answers only under the given names; a forged Host would else end up in links and redirects."""
    names = tuple(allowed)

    def check_host() -> Response | None:
        if host_is_trusted(request.host, names):
            return None
        log.warning("access.refused", reason="host_not_allowed")
        return Response(HOST_REFUSED, 400, content_type="text/plain; charset=utf-8")

    app.before_request(check_host)


def install(app: Flask, *, enabled: bool) -> None:
    """Sets the headers on every answer. Switched off only where a proxy in front sets its own."""
    app.after_request(_keep_nothing)
    if enabled:
        app.after_request(_secure)
