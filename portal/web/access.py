"""
Permissions, what each route declares, and who is asking.

Who holds which permission is decided by the staff feature, which registers itself here as a source. The check
itself, refusing by default, stands in `portal/web/guard.py`.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, current_app, g, has_request_context

from portal.web.actor import SYSTEM, Actor, ActorKind
from portal.web.htmx import request
from portal.web.permissions import Permission as Permission  # noqa: PLC0414 - views take it from here

View = TypeVar("View", bound=Callable[..., Any])

STEP_UP_AGE = timedelta(minutes=5)

# Pages of the staff feature that the floor leads to; by name, because it lies above.
HOME = "home.index"
SIGN_IN = "staff.sign_in"
STEP_UP = "staff.step_up"
SECOND_FACTOR = "staff.second_factor"


ACTS = {
    Permission.PUBLIC: "This page",
    Permission.SIGNED_IN: "This page",
    Permission.HOME_VIEW: "The home page",
    Permission.AUDIT_VIEW: "Reading the audit log",
    Permission.AUDIT_VERIFY: "Verifying the audit log",
    Permission.CLIENT_VIEW: "The list of clients",
    Permission.CLIENT_CHANGE: "Adding and changing clients",
    Permission.CLIENT_REVEAL: "Revealing a client's data",
    Permission.CLIENT_IMPORT: "Importing clients from a file",
    Permission.CONSENT_VIEW: "The list of topics",
    Permission.CONSENT_CHANGE: "Changing topics and recording consents",
    Permission.SUPPRESSION_CHANGE: "Looking up and blocking addresses",
    Permission.SUPPRESSION_REMOVE: "Deciding what leaves the suppression list",
    Permission.ANALYTICS_VIEW: "The figures about opt-outs",
    Permission.HEALTH_VIEW: "The health page",
    Permission.MESSAGE_VIEW: "The list of messages",
    Permission.MESSAGE_SEND: "Sending a message",
    Permission.MESSAGE_READ: "Reading an email that simulation kept",
    Permission.SETTINGS_VIEW: "Reading the settings",
    Permission.SETTINGS_CHANGE: "Changing a setting",
    Permission.STAFF_VIEW: "The list of staff",
    Permission.STAFF_CHANGE: "Inviting staff and changing their roles",
    Permission.TEMPLATE_VIEW: "The list of templates",
    Permission.TEMPLATE_CHANGE: "Writing templates",
    Permission.TEMPLATE_APPROVE: "Approving templates",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What one route declared. With `enrolling`, a person may come here before a required second factor is set up."""

    permission: Permission
    step_up: bool = False
    anonymous_only: bool = False
    enrolling: bool = False


def requires(
    permission: Permission, *, step_up: bool = False, anonymous_only: bool = False, enrolling: bool = False
) -> Callable[[View], View]:
    """Declares what a route needs. With step_up the person must have proved both factors within STEP_UP_AGE."""

    def mark(view: View) -> View:
        view.heedful_access = Access(  # type: ignore[attr-defined]
            permission, step_up, anonymous_only, enrolling
        )
        return view

    return mark


def declared_access(app: Flask, endpoint: str | None) -> Access | None:
    """What the view behind an endpoint declared; None when it declared nothing."""
    return getattr(app.view_functions.get(endpoint or ""), "heedful_access", None)


class User(Protocol):
    """What the floor asks of a signed-in person; the staff feature's class answers it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def label(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def role_label(self) -> str: ...
    @property
    def session_id(self) -> uuid.UUID | None: ...
    @property
    def auth_method(self) -> str | None: ...
    @property
    def authenticated_at(self) -> datetime | None: ...
    @property
    def mfa_required_missing(self) -> bool: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def theme(self) -> str: ...
    def may(self, permission: Permission) -> bool: ...


@dataclass(frozen=True, slots=True)
class Holders:
    """Who may do what a person was refused: the roles in words, the names to ask, and where to write to the first."""

    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    email: str = ""


UserSource = Callable[[], User | None]
HolderSource = Callable[[Permission], Holders]


def set_user_source(app: Flask, source: UserSource) -> None:
    """Registers who loads the signed-in person of the present request."""
    app.extensions["heedful_user_source"] = source


def set_holder_source(app: Flask, source: HolderSource) -> None:
    """Registers who knows which roles and people hold a permission, for the page that refuses it."""
    app.extensions["heedful_holder_source"] = source


def current_user() -> User | None:
    """The signed-in person of this request, loaded once; None when nobody is signed in."""
    if "heedful_user" not in g:
        source = cast("UserSource | None", current_app.extensions.get("heedful_user_source"))
        g.heedful_user = source() if source else None
    return cast("User | None", g.heedful_user)


def known_user() -> User | None:
    """The signed-in person if already loaded; asks no database, so that error pages can use it."""
    return cast("User | None", g.get("heedful_user"))


def forget_user() -> None:
    """Makes the next question load the person again, after signing in or out."""
    g.pop("heedful_user", None)


def holders_of(permission: Permission) -> Holders:
    """Which roles and people hold a permission; empty while no source is registered."""
    source = cast("HolderSource | None", current_app.extensions.get("heedful_holder_source"))
    return source(permission) if source else Holders()


def current_actor() -> Actor:
    """Who does what happens now, as operations and the audit log keep it; outside a request, the system."""
    if not has_request_context():
        return SYSTEM
    user = current_user()
    if user is None:
        return at_this_request(Actor(ActorKind.ANONYMOUS, "Anonymous"))
    facts = Actor(ActorKind.STAFF, user.label, user.id, user.roles)
    return at_this_request(replace(facts, session_id=user.session_id, auth_method=user.auth_method))


def at_this_request(actor: Actor) -> Actor:
    """The actor with where the present request comes from. The browser's name is kept as a hash: equal or not."""
    agent = request.headers.get("User-Agent", "")
    digest = hashlib.sha256(agent.encode()).hexdigest()[:32] if agent else None
    return replace(actor, ip=request.remote_addr, request_id=g.get("request_id"), ua_hash=digest)
