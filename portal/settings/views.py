"""The settings pages: one form for each area, and the switch that stops all sending."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from portal.db import db, transaction
from portal.settings.forms import AreaForm, SwitchForm, area_form
from portal.settings.operations import Conflict, Disagreement, EditedMeanwhile, SettingLocked, change, save
from portal.settings.queries import Shown, get_generation, list_area, list_history, list_settings
from portal.settings.rules import SETTINGS, Area, sending
from portal.settings.rules.areas import AREAS
from portal.web.access import Permission, current_actor, current_user, requires
from portal.web.errors import PortalError
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
@requires(Permission.SETTINGS_VIEW)
def index() -> Response:
    return hx_redirect(url_for("settings.area", name=Area.ORGANISATION))


@blueprint.get("/<name>")
@requires(Permission.SETTINGS_VIEW)
def area(name: str) -> str:
    chosen = _known(name)
    shown = _changeable(chosen)
    return _page(chosen, shown, area_form(shown, get_generation(db.session()).generation))


@blueprint.post("/<name>")
@requires(Permission.SETTINGS_CHANGE)
def change_area(name: str) -> Response | tuple[str, int]:
    chosen = _known(name)
    shown = _changeable(chosen)
    form = area_form(shown, get_generation(db.session()).generation)
    valid = form.validate()
    values = form.values([one.setting for one in shown if not one.locked])
    if not valid or form.errors:
        return _page(chosen, shown, form), 422
    try:
        with transaction():
            changed = save(values, current_actor(), seen=form.generation(), reason=form.reason.data or "")
    except Disagreement as disagreement:
        return _blamed(chosen, form, disagreement.messages), 422
    except EditedMeanwhile as edited:
        return _conflict(chosen, form, edited.conflicts), 409
    toast(_said(changed))
    return hx_redirect(url_for("settings.area", name=chosen))


@blueprint.get("/sending/switch")
@requires(Permission.SETTINGS_CHANGE, step_up=True)
def switch() -> str:
    return _switch_page(SwitchForm())


@blueprint.post("/sending/switch")
@requires(Permission.SETTINGS_CHANGE, step_up=True)
def turn_switch() -> Response | tuple[str, int]:
    form = SwitchForm()
    if not form.validate():
        return _switch_page(form), 422
    on = not _sending().value
    try:
        with transaction():
            change(sending.ENABLED, on, current_actor(), reason=form.reason.data)
    except SettingLocked as locked:
        raise PortalError(409, "The environment decides this", str(locked), "Change it where it is set.") from None
    toast("Sending is on again." if on else "All sending is stopped.")
    return hx_redirect(url_for("settings.area", name=Area.SENDING))


def _known(name: str) -> Area:
    if name not in set(Area):
        abort(404)
    return Area(name)


def _changeable(chosen: Area) -> list[Shown]:
    return [one for one in list_area(db.session(), chosen) if not one.setting.step_up]


def _sending() -> Shown:
    return list_settings(db.session(), [sending.ENABLED])[0]


def _page(chosen: Area, shown: Sequence[Shown], form: AreaForm, conflicts: Sequence[Conflict] = ()) -> str:
    user = current_user()
    return render(
        "settings/area.html",
        area=chosen,
        areas=AREAS,
        shown=shown,
        form=form,
        conflicts=conflicts,
        history=list_history(db.session(), chosen),
        settings=SETTINGS,
        sending=_sending() if chosen is Area.SENDING else None,
        may_change=user is not None and user.may(Permission.SETTINGS_CHANGE),
    )


def _blamed(chosen: Area, form: AreaForm, messages: Mapping[str, str]) -> str:
    for key, message in messages.items():
        form.blame(SETTINGS[key], message)
    return _page(chosen, _changeable(chosen), form)


def _conflict(chosen: Area, form: AreaForm, conflicts: Sequence[Conflict]) -> str:
    """The form again with this person's values, now based on what the other one saved."""
    form.seen.data = str(get_generation(db.session()).generation)
    return _page(chosen, _changeable(chosen), form, conflicts)


def _switch_page(form: SwitchForm) -> str:
    return render("settings/switch.html", form=form, sending=_sending(), areas=AREAS)


def _said(changed: Sequence[str]) -> str:
    if not changed:
        return "Nothing was different, so nothing was saved."
    return f"Saved: {', '.join(SETTINGS[key].label for key in changed)}."
