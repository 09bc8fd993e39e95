"""The settings of one person: every topic on every channel they have an address for, their wishes, stopping it all."""

from flask import Response

from portal.clients.operations import change_preferences
from portal.db import transaction
from portal.preferences.forms import WishesForm, is_different, wishes_of
from portal.preferences.operations.choices import apply_choices, stop_everything
from portal.preferences.queries.centre import Centre
from portal.preferences.rules.choices import Became, Changed, Wanted, read_wanted
from portal.preferences.rules.languages import Language
from portal.preferences.views.blueprint import bad_link, blueprint, follow_request, recipient
from portal.preferences.views.codes import begin
from portal.preferences.views.showing import opened, person, shown
from portal.web.access import Permission, requires
from portal.web.forms import csrf
from portal.web.htmx import request


@blueprint.get("/p/<token>")
@requires(Permission.PUBLIC)
def centre(token: str) -> Response:
    """The page; looking changes nothing."""
    with transaction():
        found, language = opened(token)
    return bad_link() if found is None else shown(token, found, language)


@blueprint.post("/p/<token>")
@requires(Permission.PUBLIC)
def save(token: str) -> Response:
    """Moves what was moved; what was not on the page stays as it is."""
    with transaction():
        found, language = opened(token)
    if found is None:
        return bad_link()
    wanted = read_wanted(*(request.form.getlist(name) for name in ("shown", "on", "wording")))
    wishes = wishes_form(found, language)
    if "frequency" in request.form and not wishes.is_sound(language):
        return shown(token, found, language, status=422, wishes=wishes)
    with transaction():
        changes, is_changed = kept(found, wanted, wishes)
    if any(change.became is Became.CODE for change in changes):
        return begin(token, found, language, wanted, changes)
    with transaction():
        after, language = opened(token)
    return shown(token, after or found, language, done="saved", changes=changes, wishes_changed=is_changed)


@blueprint.post("/p/<token>/stop")
@requires(Permission.PUBLIC)
def stop_all(token: str) -> Response:
    """No marketing any more, on any channel."""
    with transaction():
        found, language = opened(token)
    if found is None:
        return bad_link()
    with transaction():
        stop_everything(found, person())
    with transaction():
        after, language = opened(token)
    return shown(token, after or found, language, done="stopped")


for view in (save, stop_all):
    csrf.exempt(view)


def wishes_form(found: Centre, language: Language) -> WishesForm:
    """The form of the wishes: as it was sent, or as things stand."""
    form = WishesForm(request.form, data=wishes_of(found.preference, found.client.language))
    form.speak(language, list(found.points), found.client.language)
    return form


def kept(found: Centre, wanted: Wanted, wishes: WishesForm) -> tuple[list[Changed], bool]:
    """Writes everything down in the caller's transaction; says what changed."""
    changes = apply_choices(found, wanted, person())
    for asked in changes:
        if asked.event_id is not None:
            follow_request(asked.event_id, recipient())
    if "frequency" not in request.form:
        return changes, False
    change = wishes.change(found.preference)
    is_changed = is_different(change, found.preference, found.client.language)
    if is_changed:
        change_preferences(found.client.id, change, recipient())
    return changes, is_changed
