"""
The one place that knows flask-login: it carries the session's token in the signed cookie, the row decides the rest.

Never with flask-login's remember cookie: how long somebody stays signed in is a fact of the row, which can be ended.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import flask_login  # noqa: TID251 - the one module that may
from flask import Flask, g, session

from portal.db import transaction, utc_now
from portal.staff.models import Role, SessionEnd, StaffMember, StaffSession, Stage
from portal.staff.operations.sessions import Opened, Visitor, end_session, is_due_for_touch, touch
from portal.staff.operations.sign_in import may_sign_in
from portal.staff.operations.trail import as_member
from portal.staff.queries import find_session, list_active_members
from portal.staff.rules.agents import agent_class
from portal.staff.rules.roles import GRANTS, ROLE_LABELS, may, needs_second_factor
from portal.staff.rules.sessions import end_by_age
from portal.web import access
from portal.web.access import Holders, Permission, User
from portal.web.actor import Actor, ActorKind
from portal.web.htmx import request

HALF = "half"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with the session they are signed in with; what the floor asks of a user."""

    row: StaffSession
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What flask-login keeps in the cookie."""
        return self.token

    @property
    def member(self) -> StaffMember:
        return self.row.member

    @property
    def id(self) -> uuid.UUID:
        return self.member.id

    @property
    def label(self) -> str:
        return str(self.member.full_name)

    @property
    def roles(self) -> tuple[str, ...]:
        return (self.member.role,)

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[Role(self.member.role)]

    @property
    def session_id(self) -> uuid.UUID:
        return self.row.id

    @property
    def auth_method(self) -> str:
        return self.row.method

    @property
    def authenticated_at(self) -> datetime | None:
        return self.row.authenticated_at

    @property
    def mfa_required_missing(self) -> bool:
        return needs_second_factor(Role(self.member.role)) and not self.member.has_second_factor

    @property
    def time_zone(self) -> str:
        return self.member.time_zone

    @property
    def theme(self) -> str:
        return self.member.theme

    def may(self, permission: Permission) -> bool:
        """Whether their role carries the permission."""
        return may(Role(self.member.role), permission)


def visitor() -> Visitor:
    """Where this request comes from."""
    return Visitor(request.remote_addr or "", agent_class(request.headers.get("User-Agent", "")))


def actor_of(row: StaffSession) -> Actor:
    """The member of a session as an actor, also before the session counts as signed in."""
    return as_member(access.at_this_request(Actor(ActorKind.ANONYMOUS, "Anonymous")), row)


def signed_in() -> SignedIn:
    """The person of this request, on pages that are open to signed-in people only."""
    return cast("SignedIn", access.current_user())


def live_session(token: str, stage: Stage) -> StaffSession | None:
    """The session behind a token while it lives; one whose time is over is ended here, and the page may say why."""
    row = find_session(token)
    if row is None or row.stage != stage:
        return None
    reason = row.ended_reason or reason_to_end(row)
    if reason is None:
        return row
    g.session_end = SessionEnd(reason)
    if row.ended_at is None:
        with transaction():
            end_session(row, SessionEnd(reason), actor_of(row))
    return None


def reason_to_end(row: StaffSession) -> SessionEnd | None:
    """What ends this session now, if anything does."""
    if not may_sign_in(row.member):
        return SessionEnd.DISABLED
    return end_by_age(row.started_at, row.seen_at, utc_now(), complete=row.stage == Stage.COMPLETE)


def load(token: str) -> SignedIn | None:
    """The person behind the token of a cookie."""
    row = live_session(token, Stage.COMPLETE)
    if row is None:
        return None
    if is_due_for_touch(row, utc_now()):
        with transaction():
            touch(row, utc_now())
    return SignedIn(row, token)


def load_user() -> User | None:
    """The signed-in person of this request, for the floor."""
    user = flask_login.current_user
    return cast("User", user._get_current_object()) if user.is_authenticated else None  # noqa: SLF001 - its own way


def half_session() -> StaffSession | None:
    """The session of this browser that still waits for its second factor."""
    return live_session(session.get(HALF, ""), Stage.HALF)


def session_end() -> SessionEnd | None:
    """Why the session this browser still knew of is over."""
    return cast("SessionEnd | None", g.get("session_end"))


def enter(opened: Opened) -> None:
    """Puts a session into the cookie, in place of everything the cookie held."""
    session.clear()
    access.forget_user()
    if opened.session.stage == Stage.HALF:
        session[HALF] = opened.token
        return
    session["single_keys"] = opened.session.member.shortcuts_enabled
    flask_login.login_user(SignedIn(opened.session, opened.token))


def leave() -> None:
    """Empties the cookie."""
    flask_login.logout_user()
    session.clear()
    access.forget_user()


def holders_of(permission: Permission) -> Holders:
    """Who may do what somebody was refused."""
    roles = [role for role in Role if permission in GRANTS[role]]
    members = list_active_members(roles)
    email = str(members[0].email) if members else ""
    return Holders(tuple(ROLE_LABELS[role] for role in roles), tuple(str(m.full_name) for m in members), email)


def install(app: Flask) -> None:
    """Tells the floor who is signed in and who may do what."""
    # Without its context processor, which would ask the database for every template, error pages included.
    manager = flask_login.LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the row is the protection; addresses of phones change
    manager.user_loader(load)
    access.set_user_source(app, load_user)
    access.set_holder_source(app, holders_of)
