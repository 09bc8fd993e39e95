"""Restricting a client, so that nothing is sent, and lifting the restriction."""

import uuid
from collections.abc import Callable

from flask import Response, url_for

from portal.clients.forms import ReasonForm
from portal.clients.models import Client, ClientState
from portal.clients.operations import NothingToDo, lift_restriction, restrict_client
from portal.clients.views.blueprint import blueprint, changeable
from portal.db import transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.actor import Actor
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


@blueprint.get("/<uuid:client_id>/restriction")
@requires(Permission.CLIENT_CHANGE)
def restriction(client_id: uuid.UUID) -> str:
    """What a restriction does, and the form that begins or ends one."""
    return page(changeable(client_id), ReasonForm(formdata=None))


@blueprint.post("/<uuid:client_id>/restriction")
@requires(Permission.CLIENT_CHANGE)
def restrict(client_id: uuid.UUID) -> Response:
    """From now on nothing is sent to the client."""
    return move(client_id, "Restricted. Nothing is sent to this client any more.", restrict_client)


@blueprint.post("/<uuid:client_id>/restriction/end")
@requires(Permission.CLIENT_CHANGE)
def lift(client_id: uuid.UUID) -> Response:
    """The client may be written to again."""
    return move(client_id, "The restriction was lifted.", lift_restriction)


def move(client_id: uuid.UUID, said: str, operation: Callable[[uuid.UUID, str, Actor], Client]) -> Response:
    """Does the one or the other for a reason; what is so already is said as it is."""
    client, form = changeable(client_id), ReasonForm()
    if not form.validate():
        return Response(page(client, form), 422)
    try:
        with transaction():
            operation(client_id, form.reason.data, current_actor())
    except NothingToDo as problem:
        said = str(problem)
    toast(said)
    return hx_redirect(url_for("clients.show", client_id=client_id))


def page(client: Client, form: ReasonForm) -> str:
    """The form for one or the other, as things stand."""
    is_restricted = client.state == ClientState.RESTRICTED
    return render("clients/restriction.html", client=client, form=form, is_restricted=is_restricted)
