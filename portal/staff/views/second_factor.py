"""Setting up the second factor, and the recovery codes that are shown once."""

import io

import segno
from flask import Response, make_response, url_for

from portal.config.current import current
from portal.db import transaction
from portal.staff.forms import WRONG_PROOF, ConfirmCodeForm, KeptForm
from portal.staff.operations.second_factor import (
    begin_set_up,
    confirm_set_up,
    keep_recovery_codes,
    make_recovery_codes,
)
from portal.staff.rules.second_factor import provisioning_uri, seed_in_groups
from portal.staff.views.blueprint import blueprint
from portal.staff.views.session import signed_in
from portal.web.access import Permission, current_actor, requires
from portal.web.guard import checked_next
from portal.web.htmx import hx_redirect, request, toast
from portal.web.pages import render

PRODUCT = "Heedful"


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN, step_up=True, enrolling=True)
def second_factor() -> Response:
    form = ConfirmCodeForm()
    if form.validate_on_submit():
        with transaction():
            codes = confirm_set_up(signed_in().member, form.code.data, current_actor())
        if codes is not None:
            return codes_page(codes)
        form.code.errors = [f"{WRONG_PROOF}. Check that the clock of your phone is right"]
    with transaction():
        seed = begin_set_up(signed_in().member)
    body = render("staff/second_factor.html", form=form, seed=seed_in_groups(seed), target=target())
    return make_response(body, 422 if form.errors else 200)


@blueprint.get("/account/second-factor/qr.svg")
@requires(Permission.SIGNED_IN, step_up=True, enrolling=True)
def qr() -> Response:
    with transaction():
        seed = begin_set_up(signed_in().member)
    issuer = " ".join(filter(None, (PRODUCT, current().general.organisation)))
    drawing = io.BytesIO()
    uri = provisioning_uri(seed, str(signed_in().member.email), issuer)
    segno.make(uri, error="m").save(drawing, kind="svg", scale=5, border=4, light="#fff", dark="#000")
    return Response(drawing.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/account/recovery-codes")
@requires(Permission.SIGNED_IN, step_up=True)
def recovery_codes() -> Response:
    with transaction():
        codes = make_recovery_codes(signed_in().member, current_actor())
    return codes_page(codes)


@blueprint.post("/account/recovery-codes/kept")
@requires(Permission.SIGNED_IN)
def recovery_codes_kept() -> Response:
    if KeptForm().validate_on_submit():
        with transaction():
            keep_recovery_codes(signed_in().member, current_actor())
        toast("Your second factor is set up")
        return hx_redirect(target())
    toast("Nothing was noted. Make new recovery codes if you did not save the ones shown.", "warn")
    return hx_redirect(url_for("staff.security"))


def codes_page(codes: list[str]) -> Response:
    """The only time the codes are shown; the answer is kept by no cache."""
    return make_response(
        render("staff/recovery_codes.html", form=KeptForm(formdata=None), codes=codes, target=target())
    )


def target() -> str:
    """Where the person wanted to go before the second factor was asked for."""
    return checked_next(request.args.get("next"))
