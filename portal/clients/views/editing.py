"""Changing what is known of a client, and how they want to be written to."""

import uuid

from flask import Response, url_for

from portal.clients.forms import ClientChangeForm, PreferenceForm, filled
from portal.clients.models import Client, ZoneSource
from portal.clients.operations import ChangedMeanwhile, change_client, change_preferences
from portal.clients.queries import preference_of
from portal.clients.rules.attributes import AttributeRefused
from portal.clients.rules.facts import ClientChange
from portal.clients.views.blueprint import blueprint, changeable
from portal.db import db, transaction
from portal.staff.models import StaffMember
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


@blueprint.get("/<uuid:client_id>/edit")
@requires(Permission.CLIENT_CHANGE)
def edit(client_id: uuid.UUID) -> str:
    """The form with what may be shown; name and attributes stay masked, and an empty field keeps them."""
    client = changeable(client_id)
    declared = client.time_zone_source == ZoneSource.DECLARED
    form = ClientChangeForm(
        formdata=None,
        language=client.language,
        country=client.country or "",
        time_zone=client.time_zone if declared else "",
        owner=str(client.owner_id or ""),
        department=client.department,
        seen=client.updated_at.isoformat(),
    )
    return edit_page(client, form)


@blueprint.post("/<uuid:client_id>/edit")
@requires(Permission.CLIENT_CHANGE)
def save(client_id: uuid.UUID) -> Response:
    """Saves the change, or says what is wrong with it."""
    client, form = changeable(client_id), ClientChangeForm()
    keep_owner(form, client)
    if not form.validate():
        return Response(edit_page(client, form), 422)
    language, zone, country = form.language.data, form.time_zone.data, form.country.data
    facts = {"full_name": form.full_name.data, "details": form.details(), "seen": form.seen.data}
    try:
        with transaction():
            change_client(client_id, ClientChange(language, country, zone, **facts), current_actor())
    except AttributeRefused as problem:
        form.attributes.errors = [str(problem)]
        return Response(edit_page(client, form), 422)
    except ChangedMeanwhile as problem:
        return conflict(client_id, form, str(problem))
    toast("The client was saved.")
    return hx_redirect(url_for("clients.show", client_id=client_id))


def conflict(client_id: uuid.UUID, form: ClientChangeForm, problem: str) -> Response:
    """The form as it was sent, beside what somebody else made of the client meanwhile."""
    client = changeable(client_id)
    form.seen.data = client.updated_at.isoformat()
    form.language.errors = [problem]
    return Response(edit_page(client, form), 409)


def keep_owner(form: ClientChangeForm, client: Client) -> None:
    """Lets whoever looks after the client stay the choice, also once they have left."""
    present = str(client.owner_id or "")
    if present and present not in {choice.value for choice in form.owner.choices}:
        owner = db.session.get_one(StaffMember, client.owner_id)
        form.owner.choices.append(type(form.owner.choices[0])(present, f"{owner.full_name} (has left)"))


def edit_page(client: Client, form: ClientChangeForm) -> str:
    """The form of one client."""
    keep_owner(form, client)
    return render("clients/edit.html", client=client, form=form)


@blueprint.get("/<uuid:client_id>/preferences")
@requires(Permission.CLIENT_CHANGE)
def preferences(client_id: uuid.UUID) -> str:
    """The form with what the client wishes now."""
    client = changeable(client_id)
    wishes = preference_of(db.session(), [client_id])[client_id]
    return render("clients/preferences.html", client=client, form=filled(wishes, client.language))


@blueprint.post("/<uuid:client_id>/preferences")
@requires(Permission.CLIENT_CHANGE)
def save_preferences(client_id: uuid.UUID) -> Response:
    """Saves the wishes, or says how they contradict themselves."""
    client, form = changeable(client_id), PreferenceForm()
    if not form.validate():
        return Response(render("clients/preferences.html", client=client, form=form), 422)
    with transaction():
        change_preferences(client_id, form.change(), current_actor())
    toast("The wishes were saved.")
    return hx_redirect(url_for("clients.show", client_id=client_id))
