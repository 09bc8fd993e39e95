"""The few routes of the floor itself."""

from flask import Blueprint, Response

from portal.web.access import Permission, requires
from portal.web.guard import came_from
from portal.web.htmx import hx_redirect, request, toast
from portal.web.keyboard import set_single_keys

blueprint = Blueprint("web", __name__)


@blueprint.post("/keyboard")
@requires(Permission.SIGNED_IN, enrolling=True)
def keys() -> Response:
    on = request.form.get("single_keys") == "on"
    set_single_keys(on=on)
    toast(f"Single keys are {'on' if on else 'off'}")
    return hx_redirect(came_from())
