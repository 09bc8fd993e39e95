"""A portal with a few routes and people of our own, for tests of the floor itself."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Flask, abort
from portal.db import utc_now
from portal.web import access
from portal.web.access import Holders, Permission, requires
from portal.web.errors import PortalError
from portal.web.forms import Form
from portal.web.htmx import hx_redirect, hx_response, request, toast
from portal.web.pages import render
from sqlalchemy.exc import OperationalError
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

MOMENT = datetime(2026, 11, 19, 15, 10, tzinfo=UTC)


@dataclass
class Person:
    """A person as the floor sees one."""

    label: str = "Priya Raman"
    role_label: str = "Administrator"
    roles: tuple[str, ...] = ("admin",)
    permissions: Iterable[Permission] = tuple(Permission)
    proof_age: timedelta | None = timedelta(0)
    mfa_required_missing: bool = False
    time_zone: str = "Europe/Lisbon"
    theme: str = ""
    auth_method: str = "password+totp"
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    session_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def authenticated_at(self) -> datetime | None:
        return None if self.proof_age is None else utc_now() - self.proof_age

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


PEOPLE = {
    "admin": Person(),
    "dark": Person(theme="dark"),
    "marketer": Person("Ines Duarte", "Marketer", ("marketer",), (Permission.HOME_VIEW,)),
    "stale": Person(proof_age=timedelta(minutes=6)),
    "unproved": Person(proof_age=None),
    "tomorrow": Person(proof_age=timedelta(days=-1)),
    "enrolling": Person(mfa_required_missing=True),
}


class GalleryForm(Form):
    """One field of each kind."""

    subject = StringField("Subject", description="Shown in the list of the mail program.")
    deadline = StringField("Deadline")
    topic = SelectField("Topic", choices=["News and offers"])
    password = PasswordField("Password")
    saved = BooleanField("I saved the codes")
    why = RadioField("Why", choices=["Scheduled", "Suspected leak"], default="Scheduled")
    email = BooleanField("Email")
    sms = BooleanField("SMS")

    def validate_deadline(self, field):
        if field.data == "31 Feb 2027":
            raise ValidationError("There is no 31 February")


gallery = Blueprint("gallery", __name__, template_folder="templates")


@gallery.route("/gallery", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def components():
    form = GalleryForm(
        meta={"csrf": False},
        data={
            "topic": "News and offers",
            "subject": "Your payment is due",
            "deadline": "31 Feb 2027",
            "email": True,
            "saved": True,
        },
    )
    form.validate()
    return render("gallery/components.html", "content", form=form, moment=MOMENT)


@gallery.get("/private")
@requires(Permission.AUDIT_VIEW)
def private():
    return render("gallery/private.html", "content", word="private")


@gallery.route("/weighty", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN, step_up=True)
def weighty():
    toast("Done")
    return hx_redirect("/private")


@gallery.route("/undeclared")
def undeclared():
    raise AssertionError("never reached")


@gallery.get("/door")
@requires(Permission.PUBLIC, anonymous_only=True)
def door():
    return render("gallery/door.html")


@gallery.get("/fail/<kind>")
@requires(Permission.PUBLIC)
def fail(kind: str):
    if kind == "database":
        raise OperationalError("SELECT secret", {}, Exception("connection refused to host secret.example"))
    if kind == "ours":
        raise PortalError(409, "Tom Berg saved this first", "Your change was not saved.", "Reload the page.")
    if kind == "crash":
        raise RuntimeError("maria@tidewell.example")
    abort(int(kind))


@gallery.post("/save")
@requires(Permission.PUBLIC)
def save():
    toast("Saved")
    return hx_response(
        f"<p>{GalleryForm().subject.data}</p>", trigger={"counted": 3}, reswap=request.args.get("swap", "")
    )


class LiveForm(Form):
    """A form that htmx sends."""

    deadline = StringField("Deadline", [InputRequired("Enter a deadline")])


@gallery.route("/live", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def live():
    form = LiveForm()
    if form.validate_on_submit():
        toast("Saved")
    return render("gallery/live.html", "form", form=form), 422 if form.errors else 200


def holders_of(permission: Permission) -> Holders:
    return Holders(("Compliance officer",), ("Mara Kessler", "Tom Berg"), "mara.kessler@tidewell.example")


def extend(app: Flask) -> None:
    """Adds the routes; people sign in by the cookie `person`."""
    app.register_blueprint(gallery)
    access.set_user_source(
        app, lambda: PEOPLE.get(request.headers.get("X-Test-Person") or request.cookies.get("person"))
    )
    access.set_holder_source(app, holders_of)
