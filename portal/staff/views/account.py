"""A person's own pages: preferences, second factor, last sign-ins, open sessions."""

import uuid

from flask import Response, make_response, url_for
from flask import session as cookie

from portal.db import transaction
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.staff.forms import PlainForm, PreferencesForm
from portal.staff.models import SessionEnd, Theme
from portal.staff.operations.accounts import change_preferences
from portal.staff.operations.sessions import end_session
from portal.staff.queries import count_recovery_codes, list_last_sessions, list_open_sessions
from portal.staff.views.blueprint import blueprint
from portal.staff.views.session import signed_in
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def account() -> Response:
    person = signed_in()
    member = person.member
    form = PreferencesForm(theme=member.theme, time_zone=member.time_zone, shortcuts=member.shortcuts_enabled)
    if not form.validate_on_submit():
        return make_response(render("staff/account.html", form=form, person=person), 422 if form.errors else 200)
    theme, shortcuts = Theme(form.theme.data), bool(form.shortcuts.data)
    with transaction():
        change_preferences(member, theme, form.time_zone.data, shortcuts_enabled=shortcuts, actor=current_actor())
    cookie["single_keys"] = shortcuts
    toast("Saved")
    return hx_redirect(url_for("staff.account"))


@blueprint.get("/account/security")
@requires(Permission.SIGNED_IN)
def security() -> str:
    person = signed_in()
    return render(
        "staff/security.html",
        person=person,
        codes_left=count_recovery_codes(person.id),
        open_sessions=list_open_sessions(person.id),
        sign_ins=list_last_sessions(person.id),
        form=PlainForm(),
        contact=value(organisation.SECURITY_CONTACT),
    )


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@requires(Permission.SIGNED_IN)
def session_end(session_id: uuid.UUID) -> Response:
    mine = [row for row in list_open_sessions(signed_in().id) if row.id == session_id]
    with transaction():
        for row in mine:
            end_session(row, SessionEnd.REVOKED, current_actor())
    toast("The session is ended" if mine else "That session had ended already")
    return hx_redirect(url_for("staff.security"))
