"""Permissions and the decorator every route carries; who holds which permission is decided by the staff feature."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

STEP_UP_AGE = timedelta(minutes=5)


class Permission(StrEnum):
    """What a person may do. PUBLIC is declared too: a route without a declaration is refused."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    HOME_VIEW = "home.view"
    AUDIT_VIEW = "audit.view"
    AUDIT_VERIFY = "audit.verify"
    HEALTH_VIEW = "health.view"
    SETTINGS_VIEW = "settings.view"
    SETTINGS_CHANGE = "settings.change"
    STAFF_VIEW = "staff.view"
    STAFF_CHANGE = "staff.change"


def requires(permission: Permission, *, step_up: bool = False, anonymous_only: bool = False) -> Callable[[View], View]:
    """Declares what a route needs. With step_up the person must have proved both factors within STEP_UP_AGE."""

    def mark(view: View) -> View:
        view.heedful_access = Access(permission, step_up, anonymous_only)  # type: ignore[attr-defined]
        return view

    return mark


class Access:
    """What one route declared."""

    def __init__(self, permission: Permission, step_up: bool, anonymous_only: bool) -> None:
        self.permission = permission
        self.step_up = step_up
        self.anonymous_only = anonymous_only
