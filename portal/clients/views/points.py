"""The addresses of a client: one more, another one instead, none any more, or one that works after all."""

import uuid
from typing import Any

from flask import Response, abort, current_app, url_for

from portal.clients.forms import PointForm, ReasonForm, ReplacementForm
from portal.clients.forms.checks import region_of
from portal.clients.models import Client, ContactPoint
from portal.clients.operations import (
    ClientExists,
    add_contact_point,
    note_duplicate,
    remove_contact_point,
    replace_contact_point,
    trust_contact_point,
)
from portal.clients.rules.words import POINT_STATES
from portal.clients.views.blueprint import blueprint, changeable
from portal.clients.views.numbers import read_differently
from portal.db import transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render
from portal.web.slots import POINT_REMOVED


@blueprint.get("/<uuid:client_id>/contact-points/new")
@requires(Permission.CLIENT_CHANGE)
def new_point(client_id: uuid.UUID) -> str:
    """The form for one more address; numbers are read in the client's country."""
    client = changeable(client_id)
    return adding_page(client, PointForm(formdata=None, channel="sms", country=client.country or ""))


@blueprint.post("/<uuid:client_id>/contact-points")
@requires(Permission.CLIENT_CHANGE)
def create_point(client_id: uuid.UUID) -> Response:
    """Adds the address, once the person saw how it was read."""
    client, form = changeable(client_id), PointForm()
    if not form.validate():
        return Response(adding_page(client, form), 422)
    channel, country = form.channel.data, form.country.data
    if read_differently(form.address, channel, country):
        return Response(adding_page(client, form, changed=[form.address]))
    try:
        with transaction():
            add_contact_point(client, channel, form.address.data, current_actor(), region=region_of(country))
    except ClientExists as existing:
        blame(form, existing)
        return Response(adding_page(client, form, existing=existing), 422)
    toast("The contact point was added.")
    return hx_redirect(url_for("clients.show", client_id=client_id))


@blueprint.get("/<uuid:client_id>/contact-points/<uuid:point_id>")
@requires(Permission.CLIENT_CHANGE)
def show_point(client_id: uuid.UUID, point_id: uuid.UUID) -> str:
    """What can be done about one address."""
    client, point = live(client_id, point_id)
    return point_page(client, point)


@blueprint.post("/<uuid:client_id>/contact-points/<uuid:point_id>/replacements")
@requires(Permission.CLIENT_CHANGE)
def replace_point(client_id: uuid.UUID, point_id: uuid.UUID) -> Response:
    """Puts another address in its place, once the person saw how it was read."""
    client, point = live(client_id, point_id)
    form = ReplacementForm(point.channel)
    if not form.validate():
        return Response(point_page(client, point, form), 422)
    country = form.country.data
    if read_differently(form.address, point.channel, country):
        return Response(point_page(client, point, form, changed=[form.address]))
    try:
        with transaction():
            text, region, leavers = form.address.data, region_of(country), POINT_REMOVED.providers(current_app)
            replace_contact_point(client, point_id, text, leavers, current_actor(), region=region)
    except ClientExists as existing:
        blame(form, existing)
        return Response(point_page(*live(client_id, point_id), form, existing=existing), 422)
    toast("The contact point was replaced.")
    return hx_redirect(url_for("clients.show", client_id=client_id))


@blueprint.post("/<uuid:client_id>/contact-points/<uuid:point_id>/removal")
@requires(Permission.CLIENT_CHANGE)
def remove_point(client_id: uuid.UUID, point_id: uuid.UUID) -> Response:
    """Forgets the address."""
    client, _ = live(client_id, point_id)
    with transaction():
        remove_contact_point(client, point_id, POINT_REMOVED.providers(current_app), current_actor())
    toast("The contact point was removed.")
    return hx_redirect(url_for("clients.show", client_id=client_id))


@blueprint.post("/<uuid:client_id>/contact-points/<uuid:point_id>/trust")
@requires(Permission.CLIENT_CHANGE)
def trust_point(client_id: uuid.UUID, point_id: uuid.UUID) -> Response:
    """Marks an address that looked dead as one that works, for a reason."""
    client, point = live(client_id, point_id)
    form = ReasonForm()
    if not form.validate():
        return Response(point_page(client, point, trust=form), 422)
    with transaction():
        trust_contact_point(client, point_id, form.reason.data, current_actor())
    toast("The contact point is in use again.")
    return hx_redirect(url_for("clients.show", client_id=client_id))


def live(client_id: uuid.UUID, point_id: uuid.UUID) -> tuple[Client, ContactPoint]:
    """The client and one of their addresses, or the page that says there is no such page."""
    client = changeable(client_id)
    found = [point for point in client.live_points if point.id == point_id]
    return client, found[0] if found else abort(404)


def blame(form: PointForm | ReplacementForm, existing: ClientExists) -> None:
    """Says beside the field whose address it is, once that look is in the log."""
    with transaction():
        note_duplicate(existing.client_id, current_actor())
    form.address.errors = [str(existing)]


def adding_page(client: Client, form: PointForm, **facts: Any) -> str:
    """The form for one more address."""
    return render("clients/new_point.html", client=client, form=form, **{"existing": None, "changed": [], **facts})


def point_page(
    client: Client,
    point: ContactPoint,
    form: ReplacementForm | None = None,
    trust: ReasonForm | None = None,
    **facts: Any,
) -> str:
    """One address with its forms."""
    form = form or ReplacementForm(point.channel, formdata=None, country=client.country or "")
    trust = trust or ReasonForm(formdata=None)
    said = {"form": form, "trust": trust, "states": POINT_STATES, "existing": None, "changed": [], **facts}
    return render("clients/point.html", client=client, point=point, **said)
