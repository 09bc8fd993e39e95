"""The page of one client: masked identity, what higher features show about them, their timeline, and the reveal."""

import uuid
from typing import Any

from flask import Response, abort, url_for

from portal.clients.forms import RevealForm
from portal.clients.models import Client, ZoneSource
from portal.clients.operations import ClientUnknown, note_viewed, reveal
from portal.clients.queries import find_client, find_owner
from portal.clients.rules import LANGUAGES, countries
from portal.clients.rules.words import POINT_STATES, ZONE_SOURCES
from portal.clients.views.blueprint import blueprint, known
from portal.db import transaction
from portal.web.access import Permission, current_actor, current_user, requires
from portal.web.htmx import hx_redirect, hx_response, is_partial, request
from portal.web.pages import render
from portal.web.slots import CLIENT_ACTIONS, CLIENT_PANELS, CLIENT_TIMELINE, ClientAction, ClientPanel

TABS = {
    "": "All",
    "consent": "Consent",
    "message": "Messages",
    "client": "Changes",
    "staff access": "Staff access",
    "request": "Requests",
}
SHOWN = 20
SHOWN_AT_MOST = 500


@blueprint.get("/<uuid:client_id>")
@requires(Permission.CLIENT_VIEW)
def show(client_id: uuid.UUID) -> str:
    """The masked page, once the look at it is in the log."""
    return masked_page(client_id, RevealForm(formdata=None), asking=False)


@blueprint.get("/<uuid:client_id>/timeline")
@requires(Permission.CLIENT_VIEW)
def timeline(client_id: uuid.UUID) -> Response | str:
    """The timeline alone, for the page that looks again; it shows nothing its page did not ask to see."""
    if not is_partial():
        return hx_redirect(url_for("clients.show", client_id=client_id))
    return render("clients/client.html", "timeline", client=known(client_id), **timeline_of(client_id))


@blueprint.get("/<uuid:client_id>/reveals")
@requires(Permission.CLIENT_REVEAL)
def ask(client_id: uuid.UUID) -> str:
    """The question for the purpose on the page itself, for browsers that open no dialog."""
    return masked_page(client_id, RevealForm(formdata=None), asking=True)


@blueprint.post("/<uuid:client_id>/reveals")
@requires(Permission.CLIENT_REVEAL)
def show_clear(client_id: uuid.UUID) -> Response:
    """The identity in clear, after the look and its purpose were committed to the log. If they cannot be: nothing."""
    form = RevealForm()
    if not form.validate():
        return refused(client_id, form)
    try:
        with transaction():
            client = reveal(client_id, form.purpose.data, current_actor())
    except ClientUnknown:
        abort(404)
    facts = identity_of(client, form, revealed=True)
    if not is_partial():
        facts |= timeline_of(client_id) | surroundings(client_id)
    return Response(render("clients/client.html", "identity", **facts))


def refused(client_id: uuid.UUID, form: RevealForm) -> Response:
    """The question once more: within its dialog, or on the page where that was not how it was asked."""
    if is_partial():
        body = render("clients/_reveal_form.html", client=known(client_id), form=form, asking=False)
        return hx_response(body, 422, retarget="#reveal-form", reswap="outerHTML")
    return Response(masked_page(client_id, form, asking=True), 422)


def masked_page(client_id: uuid.UUID, form: RevealForm, *, asking: bool) -> str:
    """The whole page of a client without anything in clear."""
    client = known(client_id)
    with transaction():
        note_viewed(client, current_actor())
    facts = identity_of(client, form, asking=asking) | timeline_of(client_id) | surroundings(client_id)
    return render("clients/client.html", **facts)


def identity_of(client: Client, form: RevealForm, *, revealed: bool = False, asking: bool = False) -> dict[str, Any]:
    """What the identity card needs; the words for language and country are ours, not the client's."""
    words = {
        "language_name": LANGUAGES.get(client.language, "Not known"),
        "country_name": countries().get(client.country or "", "Not known"),
    }
    facts = {
        "kept": find_client(client.merged_into_id) if client.merged_into_id else None,
        "owner": find_owner(client),
        "zone_source": ZONE_SOURCES[ZoneSource(client.time_zone_source)],
        "states": POINT_STATES,
    }
    return {"client": client, "form": form, "revealed": revealed, "asking": asking, **words, **facts}


def timeline_of(client_id: uuid.UUID) -> dict[str, Any]:
    """What every feature tells about this client, newest first; more of it, or one kind, when that is asked for."""
    shown = min(max(request.args.get("show", SHOWN, type=int), 1), SHOWN_AT_MOST)
    kind = request.args.get("kind", "") if request.args.get("kind") in TABS else ""
    # A feature may tell of several kinds, so the newest few of all are not enough to find those of one.
    found = CLIENT_TIMELINE.collect(client_id, SHOWN_AT_MOST + 1 if kind else shown + 1)
    wanted = [entry for entry in found if kind in {"", entry.kind}]
    collected = sorted(wanted, key=lambda entry: entry.at, reverse=True)
    entries = collected[:shown]
    more = min(shown * 2, SHOWN_AT_MOST) if len(collected) > shown and shown < SHOWN_AT_MOST else None
    facts = {"entries": entries, "shown": shown, "more": more, "kind": kind, "tabs": TABS}
    return {**facts, "moving": any(entry.in_flight for entry in entries)}


def surroundings(client_id: uuid.UUID) -> dict[str, Any]:
    """The panels and actions of higher features, as this person may use them."""
    panels: list[ClientPanel] = sorted(CLIENT_PANELS.collect(client_id), key=lambda panel: panel.order)
    user = current_user()
    actions: list[ClientAction] = [
        action for action in CLIENT_ACTIONS.collect(client_id) if user and user.may(Permission(action.permission))
    ]
    return {"panels": panels, "actions": actions}
