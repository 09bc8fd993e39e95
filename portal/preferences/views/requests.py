"""Asking for one's data and for their erasure: written down and shown to staff, nothing more."""

from flask import Response

from portal.db import transaction
from portal.preferences.views.blueprint import bad_link, blueprint, page, recipient
from portal.preferences.views.showing import opened
from portal.privacy.models import RequestKind, RequestOrigin
from portal.privacy.operations import receive_request
from portal.web.access import Permission, requires
from portal.web.forms import csrf


@blueprint.get("/p/<token>/requests/<any(access, erasure):kind>")
@requires(Permission.PUBLIC)
def consider_request(token: str, kind: str) -> Response:
    """What asking means, with a button."""
    with transaction():
        found, language = opened(token)
    if found is None:
        return bad_link()
    place = ("preferences.consider_request", {"token": token, "kind": kind})
    return Response(page("preferences/request.html", language, place, token=token, kind=kind, done=False))


@blueprint.post("/p/<token>/requests/<any(access, erasure):kind>")
@requires(Permission.PUBLIC)
def make_request(token: str, kind: str) -> Response:
    """Writes the request down; asked again, it says the same."""
    with transaction():
        found, language = opened(token)
    if found is None:
        return bad_link()
    origin = RequestOrigin.PREFERENCE_CENTRE
    with transaction():
        receive_request(found.client.id, RequestKind(kind), origin, recipient(), contact_point_id=found.point.id)
    place = ("preferences.consider_request", {"token": token, "kind": kind})
    return Response(page("preferences/request.html", language, place, token=token, kind=kind, done=True))


csrf.exempt(make_request)
