"""Taking an entry off the suppression list: one person asks, a second one decides with both factors just proved."""

import uuid
from collections.abc import Callable

from flask import Response, abort, url_for

from portal.consent.forms import WhyForm
from portal.consent.models import Suppression, SuppressionRemoval
from portal.consent.operations.suppression import approve_removal, ask_for_removal, deny_removal
from portal.consent.queries.suppression_list import find_entry, find_removal
from portal.consent.rules.suppression import RemovalRefused
from portal.consent.views.blueprint import blueprint
from portal.db import transaction
from portal.web.access import Permission, current_actor, current_user, requires
from portal.web.actor import Actor
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


@blueprint.get("/consent/suppression/<uuid:suppression_id>/removals/new")
@requires(Permission.SUPPRESSION_CHANGE)
def new_removal(suppression_id: uuid.UUID) -> str:
    return asking_page(known_entry(suppression_id), WhyForm(formdata=None))


@blueprint.post("/consent/suppression/<uuid:suppression_id>/removals")
@requires(Permission.SUPPRESSION_CHANGE)
def create_removal(suppression_id: uuid.UUID) -> Response:
    """Asks a second person to take the entry off."""
    entry, form = known_entry(suppression_id), WhyForm()
    if not form.validate():
        return Response(asking_page(entry, form), 422)
    try:
        with transaction():
            ask_for_removal(entry.id, form.why.data, current_actor())
    except RemovalRefused as refused:
        form.why.errors = [str(refused)]
        return Response(asking_page(entry, form), 422)
    toast("Asked for. A second person has to approve it; until then the address stays blocked.")
    return hx_redirect(url_for("consent.suppression"))


@blueprint.get("/consent/suppression/removals/<uuid:removal_id>")
@requires(Permission.SUPPRESSION_REMOVE, step_up=True)
def show_removal(removal_id: uuid.UUID) -> str:
    return deciding_page(known_removal(removal_id), WhyForm(formdata=None))


@blueprint.post("/consent/suppression/removals/<uuid:removal_id>/approval")
@requires(Permission.SUPPRESSION_REMOVE, step_up=True)
def approve(removal_id: uuid.UUID) -> Response:
    """Takes the entry off, if somebody else asked for it."""
    return decided(
        removal_id, approve_removal, "Taken off the list. Where a consent is there, messages may go out again."
    )


@blueprint.post("/consent/suppression/removals/<uuid:removal_id>/denial")
@requires(Permission.SUPPRESSION_REMOVE, step_up=True)
def deny(removal_id: uuid.UUID) -> Response:
    """Leaves the entry on the list, if somebody else asked for it to go."""
    return decided(removal_id, deny_removal, "Denied. The address stays blocked.")


def decided(removal_id: uuid.UUID, decide: Callable[[uuid.UUID, str, Actor], None], said: str) -> Response:
    """The list again once the decision stands, or the page of the request with why it cannot be."""
    request, form = known_removal(removal_id), WhyForm()
    if not form.validate():
        return Response(deciding_page(request, form), 422)
    try:
        with transaction():
            decide(request.id, form.why.data, current_actor())
    except RemovalRefused as refused:
        form.why.errors = [str(refused)]
        return Response(deciding_page(known_removal(removal_id), form), 422)
    toast(said)
    return hx_redirect(url_for("consent.suppression"))


def known_entry(suppression_id: uuid.UUID) -> Suppression:
    """The entry of this address, or the page that says there is no such page."""
    return find_entry(suppression_id) or abort(404)


def known_removal(removal_id: uuid.UUID) -> SuppressionRemoval:
    """The request of this address, or the page that says there is no such page."""
    return find_removal(removal_id) or abort(404)


def asking_page(entry: Suppression, form: WhyForm) -> str:
    """What the entry says, and why it should go."""
    return render("consent/removal_new.html", entry=entry, form=form)


def deciding_page(request: SuppressionRemoval, form: WhyForm) -> str:
    """What was asked, and the two decisions, for everybody but who asked."""
    user = current_user()
    is_own = user is not None and user.id == request.asked_by
    return render(
        "consent/removal.html", request_=request, form=form, is_own=is_own, entry=find_entry(request.suppression_id)
    )
