"""Sign-in, second factor, step-up, sign-out."""

from flask import Response, make_response, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.db import transaction
from portal.staff.forms import WRONG_SIGN_IN, ProofForm, SignInForm
from portal.staff.models import SessionEnd, StaffSession, Stage
from portal.staff.operations.second_factor import Proof, prove
from portal.staff.operations.sessions import Opened, end_session
from portal.staff.operations.sign_in import NO_WAIT, Claim, accept_password, claim_proof, claim_sign_in, refuse_password
from portal.staff.rules.delays import wait_in_words
from portal.staff.rules.hashing import is_password
from portal.staff.rules.sessions import END_SENTENCES
from portal.staff.views.blueprint import blueprint, password_work
from portal.staff.views.session import actor_of, enter, half_session, leave, session_end, signed_in, visitor
from portal.web.access import Permission, current_actor, current_user, requires
from portal.web.guard import checked_next
from portal.web.headers import clear_site_data
from portal.web.htmx import hx_redirect, request, toast
from portal.web.pages import render


@blueprint.route("/login", methods=["GET", "POST"])
@requires(Permission.PUBLIC, anonymous_only=True)
def sign_in() -> AnyResponse:
    form = SignInForm()
    if not form.validate_on_submit():
        return door_page("staff/sign_in.html", form, status=422 if form.errors else 200)
    with transaction():
        claim = claim_sign_in(form.email.data, visitor())
    if claim.wait > NO_WAIT:
        return told_to_wait("staff/sign_in.html", form, claim)
    if not checked(claim, form.password.data):
        with transaction():
            refuse_password(claim, current_actor())
        return door_page("staff/sign_in.html", form, problem=WRONG_SIGN_IN, status=422)
    with password_work(), transaction():
        opened = accept_password(claim, form.password.data, visitor(), current_actor())
    enter(opened)
    half = opened.session.stage == Stage.HALF
    return hx_redirect(url_for("staff.step_up", next=target()) if half else target())


@blueprint.route("/login/verify", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def step_up() -> AnyResponse:
    row = signed_in().row if current_user() else half_session()
    if row is None:
        return hx_redirect(url_for("staff.sign_in", next=target()))
    form = proof_form(row)
    if not form.validate_on_submit():
        return proof_page(form, row, status=422 if form.errors else 200)
    with transaction():
        claim = claim_proof(row.member, visitor())
    if claim.wait > NO_WAIT:
        return told_to_wait("staff/verify.html", form, claim, row=row)
    password_right = "password" not in form or checked(claim, form.password.data)
    code = form.code.data if "code" in form else None
    with transaction():
        proof = prove(claim, row, password_right=password_right, code=code, actor=actor_of(row))
    return answer_proof(proof, form, row)


@blueprint.post("/sign-out")
@requires(Permission.SIGNED_IN, enrolling=True)
def sign_out() -> Response:
    with transaction():
        end_session(signed_in().row, SessionEnd.SIGNED_OUT, current_actor())
    leave()
    toast(END_SENTENCES[SessionEnd.SIGNED_OUT])
    return clear_site_data(hx_redirect(url_for("staff.sign_in")))


def target() -> str:
    """Where the person wanted to go."""
    return checked_next(request.args.get("next"))


def checked(claim: Claim, password: str) -> bool:
    """Checks the password while no transaction is open."""
    with password_work():
        return is_password(claim.password_hash, password)


def proof_form(row: StaffSession) -> ProofForm:
    """At the door a code; before a weighty act the password too, and the code where there is a second factor."""
    stepping_up = row.stage == Stage.COMPLETE
    with_code = row.member.has_second_factor
    return ProofForm().ask(password=stepping_up, code=with_code, recovery=request.args.get("with") == "recovery")


def proof_page(form: ProofForm, row: StaffSession, problem: str = "", status: int = 200) -> Response:
    """The page that asks for the proof."""
    return door_page("staff/verify.html", form, problem=problem, status=status, row=row)


def answer_proof(proof: Proof, form: ProofForm, row: StaffSession) -> Response:
    """Onwards with a fresh cookie, once more, or back to the start."""
    if proof.token:
        enter(Opened(row, proof.token))
        return hx_redirect(target())
    if proof.overtaken:
        # Without a word in the cookie: it would replace the one that the twin of this request has just been given.
        return hx_redirect(target())
    if proof.tries_left > 0:
        tries = f"You have {proof.tries_left} {'try' if proof.tries_left == 1 else 'tries'} left"
        return proof_page(form, row, f"{form.wrong()}. {tries}.", 422)
    leave()
    toast(END_SENTENCES[SessionEnd.TOO_MANY_CODES], "bad")
    return hx_redirect(url_for("staff.sign_in", next=target()))


def told_to_wait(template: str, form: SignInForm | ProofForm, claim: Claim, **facts: StaffSession) -> Response:
    """Says how long to wait; nothing was checked."""
    problem = f"Too many wrong tries. Wait {wait_in_words(claim.wait)} and try again."
    response = door_page(template, form, problem=problem, status=429, **facts)
    response.headers["Retry-After"] = str(int(claim.wait.total_seconds()) + 1)
    return response


def door_page(
    template: str, form: SignInForm | ProofForm, *, problem: str = "", status: int = 200, **facts: StaffSession
) -> Response:
    """A page at the door, with what is wrong and why the person stands here."""
    ended = session_end()
    said = END_SENTENCES[ended] if ended and request.method == "GET" else ""
    body = render(template, None, form=form, problem=problem, ended=said, target=target(), **facts)
    return make_response(body, status)
