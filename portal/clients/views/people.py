"""The masked list of clients, and the exact search, whose term never gets into a URL."""

import uuid
from typing import Any

from flask import Response, url_for

from portal.clients.forms import SearchForm
from portal.clients.forms.checks import region_of
from portal.clients.models import Client
from portal.clients.operations import note_list_viewed, start_search
from portal.clients.queries import find_search, list_clients, list_found_by
from portal.clients.views.blueprint import blueprint
from portal.db import transaction, utc_now
from portal.web.access import Permission, current_actor, current_user, requires
from portal.web.htmx import hx_redirect, request
from portal.web.pages import render
from portal.web.slots import CLIENTS_ACTIONS

PAGE = 50


@blueprint.get("")
@requires(Permission.CLIENT_VIEW)
def index() -> str:
    """Everybody, newest first, or whom a search found."""
    wanted = request.args.get("filter", type=uuid.UUID)
    return list_page(SearchForm(formdata=None), found_by(wanted) if wanted else one_page())


@blueprint.post("/searches")
@requires(Permission.CLIENT_VIEW)
def search() -> Response:
    """Keeps the term on the server and leads to its result."""
    form = SearchForm()
    if not form.validate():
        return Response(list_page(form, one_page()), 422)
    with transaction():
        kept = start_search(form.term.data, current_actor(), region=region_of(form.country.data))
    return hx_redirect(url_for("clients.index", filter=kept.id))


def list_page(form: SearchForm, facts: dict[str, Any]) -> str:
    """The list with these clients, once the look at them is in the log."""
    with transaction():
        note_list_viewed(facts["clients"], current_actor())
    user = current_user()
    actions = [one for one in CLIENTS_ACTIONS.collect() if user and user.may(Permission(one.permission))]
    return render("clients/index.html", form=form, actions=actions, **facts)


def found_by(search_id: uuid.UUID) -> dict[str, Any]:
    """What the list shows of a search of this person; one that is over shows nobody."""
    kept = find_search(search_id, current_actor().id, utc_now())
    found = list_found_by(kept) if kept else []
    return {"clients": found, "older": None, "newer": None, "filter": "kept" if kept else "over"}


def border(name: str) -> int | None:
    """The number of a client in the address; one that no row can have counts as none."""
    number = request.args.get(name, type=int)
    return number if number and 0 < number < 2**63 else None


def one_page() -> dict[str, Any]:
    """One page of the list, and the numbers from which the older and the newer page start."""
    below, above = border("below"), border("above")
    found = list_clients(below=below, above=above, limit=PAGE + 1)
    more = len(found) > PAGE
    clients: list[Client] = list(found[-PAGE:] if above is not None else found[:PAGE])
    has_older, has_newer = (bool(clients), more) if above is not None else (more, bool(clients) and below is not None)
    older = clients[-1].number if has_older else None
    newer = clients[0].number if has_newer else None
    return {"clients": clients, "older": older, "newer": newer, "filter": ""}
