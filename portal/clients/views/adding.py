"""Adding one client by hand."""

from flask import Response, url_for

from portal.clients.forms import NewClientForm
from portal.clients.operations import ClientExists, add_client, note_duplicate
from portal.clients.views.blueprint import blueprint
from portal.db import transaction
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


@blueprint.get("/new")
@requires(Permission.CLIENT_CHANGE)
def new() -> str:
    """The empty form; zone and language stand as most clients will have them."""
    form = NewClientForm(formdata=None, language="en", time_zone=value(organisation.TIME_ZONE))
    return render("clients/new.html", form=form, existing=None)


@blueprint.post("")
@requires(Permission.CLIENT_CHANGE)
def create() -> Response:
    """Adds the client and leads to their page; an address that is taken leads to whose it is."""
    form = NewClientForm()
    if not form.validate():
        return Response(render("clients/new.html", form=form, existing=None), 422)
    name, email, language, zone = (form[f].data for f in ("full_name", "email", "language", "time_zone"))
    try:
        with transaction():
            client = add_client(name, email, language, zone, current_actor(), country=form.country.data)
    except ClientExists as existing:
        with transaction():
            note_duplicate(existing.client_id, current_actor())
        form.email.errors = [str(existing)]
        return Response(render("clients/new.html", form=form, existing=existing), 422)
    toast("The client was added.")
    return hx_redirect(url_for("clients.show", client_id=client.id))
