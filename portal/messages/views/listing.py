"""The list of messages, whatever became of them."""

import uuid
from typing import Any

from flask import url_for

from portal.db import db, transaction, utc_now
from portal.messages.forms import FilterForm, wanted_of
from portal.messages.operations.reading import note_list_viewed
from portal.messages.queries import COUNT_LIMIT, Wanted, count_messages, list_messages, list_used_templates
from portal.messages.rules.tabs import TAB_LABELS, Tab
from portal.messages.views.blueprint import blueprint
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import request
from portal.web.pages import render

PAGE = 50


@blueprint.get("")
@requires(Permission.MESSAGE_VIEW)
def index() -> str:
    """Messages, the newest first, once the look at whom they were for is in the log."""
    form = FilterForm(request.args)
    form.offer(list_used_templates(db.session()))
    tab = tab_asked_for()
    wanted = wanted_of(form, tab, utc_now())
    facts = one_page(wanted)
    with transaction():
        note_list_viewed(facts["listed"], current_actor())
    counts = count_messages(db.session(), wanted)
    facts |= {"counts": counts, "has_more": counts[Tab.ALL] > COUNT_LIMIT, "limit": COUNT_LIMIT}
    return render("messages/index.html", form=form, tab=tab, tabs=tabs(form, tab, counts), **facts)


def tab_asked_for() -> Tab:
    """The tab of the address."""
    name = request.args.get("state", "")
    return Tab(name) if name in set(Tab) else Tab.ALL


def tabs(form: FilterForm, current: Tab, counts: dict[Tab, int]) -> list[tuple[str, str, str | None, bool]]:
    """The tabs with their counts; none where there are too many to count."""
    shown = {tab: f"{number:,}" if counts[Tab.ALL] <= COUNT_LIMIT else None for tab, number in counts.items()}
    return [
        (label, url_for("messages.index", **{**form.chosen(), "state": tab}), shown[tab], tab is current)
        for tab, label in TAB_LABELS.items()
    ]


def one_page(wanted: Wanted) -> dict[str, Any]:
    """One page of the list, and the ids from which the older and the newer page start."""
    below, above = request.args.get("below", type=uuid.UUID), request.args.get("above", type=uuid.UUID)
    found = list_messages(db.session(), wanted, below=below, above=above, limit=PAGE + 1)
    return {"listed": found[-PAGE:] if above else found[:PAGE]} | ends(
        [line.message.id for line in found], below=below, above=above
    )


def ends(found: list[uuid.UUID], *, below: uuid.UUID | None, above: uuid.UUID | None) -> dict[str, Any]:
    """From where the older and the newer page start, given one id more than a page holds."""
    more = len(found) > PAGE
    shown = found[-PAGE:] if above else found[:PAGE]
    has_older, has_newer = (bool(shown), more) if above else (more, bool(shown) and below is not None)
    return {"older": shown[-1] if has_older else None, "newer": shown[0] if has_newer else None}
