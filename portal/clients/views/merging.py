"""Making two clients who are one person into one: choose, see what moves, type the number, done."""

import uuid
from typing import Any

from flask import Response, current_app, url_for

from portal.clients.forms import MergeForm, SearchForm
from portal.clients.forms.checks import region_of
from portal.clients.models import Client
from portal.clients.operations import MergeRefused, merge_clients, note_viewed, start_search
from portal.clients.queries import list_found_by
from portal.clients.rules import client_number, read_number
from portal.clients.views.blueprint import blueprint, changeable
from portal.db import db, transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render
from portal.web.slots import CLIENT_MERGED


@blueprint.get("/<uuid:client_id>/merges/new")
@requires(Permission.CLIENT_CHANGE)
def choose(client_id: uuid.UUID) -> str:
    """Asks for the other client."""
    return choosing_page(changeable(client_id), SearchForm(formdata=None))


@blueprint.post("/<uuid:client_id>/merges/searches")
@requires(Permission.CLIENT_CHANGE)
def find_other(client_id: uuid.UUID) -> Response:
    """Leads to the preview with the other client, or says that there is none."""
    client, form = changeable(client_id), SearchForm()
    if not form.validate():
        return Response(choosing_page(client, form), 422)
    with transaction():
        region = region_of(form.country.data)
        found = list_found_by(start_search(form.term.data, current_actor(), region=region))
    others = [other for other in found if other.id != client_id]
    if not others:
        form.term.errors = ["No other client has this address or number. We search whole addresses only."]
        return Response(choosing_page(client, form), 422)
    return hx_redirect(url_for("clients.preview_merge", client_id=client_id, gone_id=others[0].id))


@blueprint.get("/<uuid:client_id>/merges/<uuid:gone_id>")
@requires(Permission.CLIENT_CHANGE, step_up=True)
def preview_merge(client_id: uuid.UUID, gone_id: uuid.UUID) -> str:
    """What would move and what would not, from the merge itself, which is taken back at once."""
    return preview_page(client_id, gone_id, MergeForm(formdata=None))


@blueprint.post("/<uuid:client_id>/merges/<uuid:gone_id>")
@requires(Permission.CLIENT_CHANGE, step_up=True)
def merge(client_id: uuid.UUID, gone_id: uuid.UUID) -> Response:
    """Merges, once the number of the client who goes was typed."""
    gone, form = changeable(gone_id), MergeForm()
    if form.validate() and read_number(form.number.data) != gone.number:
        form.number.errors = [f"Type {client_number(gone.number)}, the number of the client who goes."]
    if form.errors:
        return Response(preview_page(client_id, gone_id, form), 422)
    try:
        with transaction():
            merge_clients(client_id, gone_id, CLIENT_MERGED.providers(current_app), current_actor())
    except MergeRefused as refused:
        form.number.errors = [str(refused)]
        return Response(preview_page(client_id, gone_id, form), 422)
    toast("The two clients are one now.")
    return hx_redirect(url_for("clients.show", client_id=client_id))


def preview_page(kept_id: uuid.UUID, gone_id: uuid.UUID, form: MergeForm) -> str:
    """Both clients, masked, and what the merge would do; or why there can be none."""
    sentences, refused = rehearse(kept_id, gone_id)
    kept, gone = changeable(kept_id), changeable(gone_id)
    with transaction():
        for client in (kept, gone):
            note_viewed(client, current_actor())
    facts: dict[str, Any] = {"sentences": sentences, "refused": refused, "alike": alike(kept, gone)}
    return render("clients/merge.html", client=kept, gone=gone, form=form, **facts)


def rehearse(kept_id: uuid.UUID, gone_id: uuid.UUID) -> tuple[list[str], str]:
    """What the merge says, and why it is refused; nothing of it stays."""
    changeable(kept_id), changeable(gone_id)
    try:
        return merge_clients(kept_id, gone_id, CLIENT_MERGED.providers(current_app), current_actor()), ""
    except MergeRefused as refused:
        return [], str(refused)
    finally:
        db.session.rollback()
        db.session.expire_all()


def alike(one: Client, other: Client) -> bool:
    """Whether both have the same name, which may be said without showing it."""
    return (one.full_name or "").casefold() == (other.full_name or "").casefold()


def choosing_page(client: Client, form: SearchForm) -> str:
    """The form that asks for the other client."""
    return render("clients/choose_merge.html", client=client, form=form)
