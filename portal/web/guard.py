"""
Refuses by default: no view runs before its declaration was read and met.

Refusals are logged to the stream of sign-ins (`auth`) with their reason, never with what was asked for.
"""

from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

import structlog
from flask import Flask, abort, current_app, url_for
from werkzeug.wrappers import Response

from portal.db import utc_now
from portal.web import access
from portal.web.access import Access, Permission, User
from portal.web.errors import Forbidden, PortalError
from portal.web.htmx import hx_redirect, is_partial, request

log = structlog.get_logger("auth.access")


def checked_next(target: str | None) -> str:
    """A place to go on to: a path of this portal, or the home page. Never another site, never a script."""
    target = target or "/"
    odd = "\\" in target or any(ord(character) < 32 for character in target)
    parts = split(target)
    if odd or parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def came_from() -> str:
    """Where a person should come back to: this page for a GET, else the page that held the form."""
    if request.method in ("GET", "HEAD") and not is_partial():
        return checked_next(request.full_path.rstrip("?"))
    page = split(request.htmx.current_url or request.referrer or "")
    if page.netloc != request.host:
        return "/"
    return checked_next(f"{page.path}?{page.query}" if page.query else page.path)


def split(address: str) -> SplitResult:
    """The parts of an address; one that cannot be read has none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "/", "", "")


def lead_to(endpoint: str) -> Response:
    """Another page first, then back: 302 for a page; 401 with HX-Redirect for a fragment, which would swallow a 302."""
    url = url_for(endpoint, next=came_from())
    if is_partial():
        return hx_redirect(url, partial_status=401)
    return current_app.redirect(url, 302)


def check_address() -> None:
    """Refuses an address with a NUL: nobody types one, and the database takes none."""
    if "\0" in request.path or any("\0" in text for texts in request.args.listvalues() for text in texts):
        refuse("nul_in_address")
        abort(400)


def check_access() -> Response | None:
    """Lets the request through, or answers it: declared, signed in, enrolled, permitted, recently proved."""
    if request.url_rule is None:
        return None
    declared = access.declared_access(current_app, request.endpoint)
    if declared is None:
        refuse("route.undeclared")
        raise PortalError(403, "This page is closed", "It does not say who may open it, so nobody may.")
    if declared.permission is Permission.PUBLIC:
        return _check_public(declared)
    user = access.current_user()
    if user is None:
        refuse("signed_out")
        return lead_to(access.SIGN_IN)
    return _check_person(user, declared)


def _check_public(declared: Access) -> Response | None:
    if declared.anonymous_only and access.current_user() is not None:
        return hx_redirect("/")
    return None


def _check_person(user: User, declared: Access) -> Response | None:
    if user.mfa_required_missing and not declared.enrolling:
        refuse("second_factor_missing")
        return lead_to(access.SECOND_FACTOR)
    if declared.permission is not Permission.SIGNED_IN and not user.may(declared.permission):
        refuse("permission_missing", permission=declared.permission.value)
        raise Forbidden(declared.permission)
    if declared.step_up and not has_proved_recently(user):
        refuse("step_up_needed")
        return lead_to(access.STEP_UP)
    return None


def has_proved_recently(user: User) -> bool:
    """Whether both factors were proved within STEP_UP_AGE; a time in the future proves nothing."""
    proved = user.authenticated_at
    return proved is not None and timedelta() <= utc_now() - proved <= access.STEP_UP_AGE


def refuse(reason: str, **facts: str) -> None:
    """Writes one refusal to the stream of sign-ins."""
    user = access.known_user()
    who = str(user.id) if user else None
    log.warning("access.refused", reason=reason, endpoint=request.endpoint, staff_id=who, **facts)


def install(app: Flask) -> None:
    """Puts the checks before every view; must come before CSRF, so that an ended session leads to signing in."""
    app.before_request(check_address)
    app.before_request(check_access)
    app.view_functions["static"] = access.requires(Permission.PUBLIC)(app.view_functions["static"])
