"""
The suppression list: what stands on it, one address added or looked up, a whole list added.

An address is typed into a form that is posted, and shown masked in the one answer. It gets into no URL, log or table.
"""

import uuid
from typing import Any

from flask import Response, url_for

from portal.consent.forms import AddressForm, EntryFilterForm, ListForm, SuppressionForm
from portal.consent.models import SuppressionReason, SuppressionScope
from portal.consent.operations.suppression import suppress, suppress_many
from portal.consent.operations.suppression.reading import note_looked_up
from portal.consent.queries.suppression_list import (
    EntryFilter,
    count_reasons,
    find_entries,
    list_entries,
    list_open_removals,
    list_provider_lists,
)
from portal.consent.rules.suppression import masked, origin_of_typed
from portal.consent.rules.upload import MOST_PROBLEMS_SHOWN, AddressList, NotAList, checked_address, read_list
from portal.consent.views.blueprint import blueprint
from portal.db import transaction
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import request
from portal.web.pages import render

PAGE = 50


@blueprint.get("/consent/suppression")
@requires(Permission.CONSENT_VIEW)
def suppression() -> str:
    """How many stand there for what, what waits for a second person, and the newest entries. No address stands here."""
    form = EntryFilterForm(request.args)
    wanted = EntryFilter(**form.chosen())
    found = list_entries(wanted, below=request.args.get("below", type=uuid.UUID), limit=PAGE + 1)
    waiting = list_open_removals()
    facts: dict[str, Any] = {
        "entries": found[:PAGE],
        "older": found[PAGE - 1].id if len(found) > PAGE else None,
        "waiting": waiting,
        "asked_for": {one.suppression_id for one in waiting},
    }
    facts |= {"counts": count_reasons(), "providers": list_provider_lists()}
    return render("consent/suppression.html", form=form, narrowed=form.chosen(), **facts)


@blueprint.get("/consent/suppression/new")
@requires(Permission.SUPPRESSION_CHANGE)
def new_suppression() -> str:
    return render("consent/suppression_new.html", form=SuppressionForm(formdata=None))


@blueprint.post("/consent/suppression")
@requires(Permission.SUPPRESSION_CHANGE)
def create_suppression() -> Response:
    """Blocks one address, and shows what now stands for it."""
    form = SuppressionForm()
    if not form.validate():
        return Response(render("consent/suppression_new.html", form=form), 422)
    channel, reason = form.channel.data, SuppressionReason(form.reason.data)
    address = checked_address(channel, form.address.data)
    facts: dict[str, Any] = {"source": form.source.data, "scope": SuppressionScope(form.scope.data)}
    facts["origin"] = origin_of_typed(reason, is_list=False)
    with transaction() as session:
        note_looked_up(channel, address, current_actor())
        is_new = suppress(session, channel, address, reason, actor=current_actor(), **facts)
    return Response(answer(channel, address, "added" if is_new else "known"))


@blueprint.get("/consent/suppression/look-up")
@requires(Permission.SUPPRESSION_CHANGE)
def look_up() -> str:
    return render("consent/suppression_look_up.html", form=AddressForm(formdata=None))


@blueprint.post("/consent/suppression/look-ups")
@requires(Permission.SUPPRESSION_CHANGE)
def looked_up() -> Response:
    """What stands on the list for one address, once the look is in the log."""
    form = AddressForm()
    if not form.validate():
        return Response(render("consent/suppression_look_up.html", form=form), 422)
    address = checked_address(form.channel.data, form.address.data)
    with transaction():
        note_looked_up(form.channel.data, address, current_actor())
    return Response(answer(form.channel.data, address, "found"))


@blueprint.get("/consent/suppression/upload")
@requires(Permission.SUPPRESSION_CHANGE)
def new_upload() -> str:
    return render("consent/suppression_upload.html", form=ListForm(formdata=None))


@blueprint.post("/consent/suppression/uploads")
@requires(Permission.SUPPRESSION_CHANGE)
def create_upload() -> Response:
    """Blocks every address of a file that can be read, and says which lines were left out and why."""
    form = ListForm()
    if not form.validate():
        return Response(render("consent/suppression_upload.html", form=form), 422)
    try:
        read = read_list(form.file.data.read(), form.channel.data)
    except NotAList as problem:
        form.file.errors = [str(problem)]
        return Response(render("consent/suppression_upload.html", form=form), 422)
    return Response(added_list(form, read))


def added_list(form: ListForm, read: AddressList) -> str:
    """Adds the readable addresses; the page that says what became of the file."""
    reason = SuppressionReason(form.reason.data)
    facts: dict[str, Any] = {"source": form.source.data, "scope": SuppressionScope(form.scope.data)}
    facts["origin"] = origin_of_typed(reason, is_list=True)
    with transaction() as session:
        added = suppress_many(session, form.channel.data, read.addresses, reason, actor=current_actor(), **facts)
    shown = read.problems[:MOST_PROBLEMS_SHOWN]
    return render("consent/suppression_uploaded.html", added=added, problems=shown, left_out=len(read.problems))


def answer(channel: str, address: str, what: str) -> str:
    """The page about one address, which it shows masked: whether it was added, and every entry it has."""
    entries = find_entries(channel, address)
    asked_for = {one.suppression_id for one in list_open_removals()}
    facts: dict[str, Any] = {"channel": channel, "address": masked(channel, address), "asked_for": asked_for}
    facts["back"] = url_for("consent.suppression")
    return render("consent/suppression_found.html", what=what, entries=entries, **facts)
