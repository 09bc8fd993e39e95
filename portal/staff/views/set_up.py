"""The page behind a one-time link: the person chooses a password."""

from flask import make_response, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.config.current import current
from portal.db import transaction, utc_now
from portal.staff.forms import SetUpForm
from portal.staff.operations.accounts import use_link
from portal.staff.queries import find_link
from portal.staff.rules.hashing import hash_password
from portal.staff.views.blueprint import blueprint, password_work
from portal.web.access import Permission, current_actor, requires
from portal.web.errors import PortalError
from portal.web.htmx import hx_redirect, toast
from portal.web.pages import render


class LinkGone(PortalError):
    """The link was used, replaced, or is older than a day; the three are told apart to nobody."""

    def __init__(self) -> None:
        remedy = "Ask an administrator for a new one. If you chose your password already, sign in with it."
        super().__init__(410, "This link does not work any more", "A link works once and for 24 hours.", remedy)


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def set_up(token: str) -> AnyResponse:
    link = find_link(token, utc_now())
    if link is None:
        raise LinkGone
    form = SetUpForm()
    email = str(link.member.email)
    form.personal = (email, email.partition("@")[0], str(link.member.full_name), current().general.organisation)
    if not form.validate_on_submit():
        return make_response(render("staff/set_up.html", form=form, email=email), 422 if form.errors else 200)
    with password_work():
        password_hash = hash_password(form.password.data)
    with transaction():
        member = use_link(token, password_hash, current_actor())
    if member is None:
        raise LinkGone
    toast("Password saved. Sign in with it.")
    return hx_redirect(url_for("staff.sign_in"))
