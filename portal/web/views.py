"""The few routes of the floor itself, and what it says to machines that come by."""

from datetime import timedelta

from flask import Blueprint, Response

from portal.config.current import current
from portal.db import utc_now
from portal.web.access import Permission, requires
from portal.web.errors import PortalError
from portal.web.guard import came_from
from portal.web.htmx import hx_redirect, request, toast
from portal.web.keyboard import set_single_keys
from portal.web.pages import shell

blueprint = Blueprint("web", __name__)
CONTACT_HOLDS = timedelta(days=180)


@blueprint.post("/keyboard")
@requires(Permission.SIGNED_IN, enrolling=True)
def keys() -> Response:
    on = request.form.get("single_keys") == "on"
    set_single_keys(on=on)
    toast(f"Single keys are {'on' if on else 'off'}")
    return hx_redirect(came_from())


@blueprint.get("/robots.txt")
@requires(Permission.PUBLIC)
def robots() -> Response:
    """Nothing here is for search engines."""
    return _text("User-agent: *\nDisallow: /\n")


@blueprint.get("/.well-known/security.txt")
@requires(Permission.PUBLIC)
def security() -> Response:
    """Whom a finder of a security hole should write to (RFC 9116)."""
    contact = shell().security_contact()
    if not contact:
        raise PortalError(404, "No security contact", "This organisation has not named one.")
    address = f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
    expires = (utc_now() + CONTACT_HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    canonical = f"{current().general.public_base_url}/.well-known/security.txt"
    return _text(f"Contact: {address}\nExpires: {expires}\nCanonical: {canonical}\n")


def _text(lines: str) -> Response:
    return Response(lines, content_type="text/plain; charset=utf-8")
