"""Adding one client by hand."""

from typing import Any

from flask import Response, url_for

from portal.clients.forms import NewClientForm
from portal.clients.forms.checks import region_of
from portal.clients.models import Channel
from portal.clients.operations import ClientExists, add_client, note_duplicate
from portal.clients.rules import NewPoint
from portal.clients.views.blueprint import blueprint
from portal.clients.views.numbers import read_differently
from portal.db import transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render

FIELDS = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)


@blueprint.get("/new")
@requires(Permission.CLIENT_CHANGE)
def new() -> str:
    """The empty form; the language stands as most clients will have it."""
    return page(NewClientForm(formdata=None, language="en"))


@blueprint.post("")
@requires(Permission.CLIENT_CHANGE)
def create() -> Response:
    """Adds the client and leads to their page; an address that is taken leads to whose it is."""
    form = NewClientForm()
    if not form.validate():
        return Response(page(form), 422)
    if changed := [form[name] for name in FIELDS[1:] if read_differently(form[name], name, form.country.data)]:
        return Response(page(form, changed=changed))
    name, language, zone, country = (form[f].data for f in ("full_name", "language", "time_zone", "country"))
    points = [NewPoint(channel, form[channel].data, region_of(country)) for channel in FIELDS if form[channel].data]
    facts = {"country": country, "points": points, "details": form.details()}
    try:
        with transaction():
            client = add_client(name, "", language, zone, current_actor(), **facts)
    except ClientExists as existing:
        return taken(form, existing)
    toast("The client was added.")
    return hx_redirect(url_for("clients.show", client_id=client.id))


def taken(form: NewClientForm, existing: ClientExists) -> Response:
    """The form once more, beside the number of the client who has the address."""
    with transaction():
        note_duplicate(existing.client_id, current_actor())
    form[existing.channel].errors = [str(existing)]
    return Response(page(form, existing=existing), 422)


def page(form: NewClientForm, **facts: Any) -> str:
    """The form with what is to be said beside it."""
    return render("clients/new.html", form=form, **{"existing": None, "changed": [], **facts})
