"""What the audit log shows elsewhere: its place in the navigation, and home's attention when the chain needs it."""

from datetime import timedelta
from functools import cache

from flask import Flask, url_for

from portal.audit.events import AuditAction, Outcome, VerificationState
from portal.audit.operations import record
from portal.audit.queries import latest_verification
from portal.crypto.errors import CellError
from portal.crypto.keyring import on_undecryptable
from portal.db import new_session, utc_now
from portal.web.access import Permission, current_user
from portal.web.actor import SYSTEM, Actor
from portal.web.slots import HOME_ATTENTION, NAVIGATION, Attention, NavigationEntry

OLD_AFTER = timedelta(hours=48)


def fill(app: Flask) -> None:
    """Fills the slots of this application, and listens to the key ring."""
    NAVIGATION.fill(app, navigation)
    HOME_ATTENTION.fill(app, attention)
    listen()


@cache
def listen() -> None:
    """Once in a process, however many applications it builds."""
    on_undecryptable(record_undecryptable)


def navigation() -> list[NavigationEntry]:
    return [NavigationEntry("audit.index", "Audit log", "audit", Permission.AUDIT_VIEW, "Compliance", 140, "a")]


def attention(_actor: Actor) -> list[Attention]:
    """A broken chain, a check that could not run, or none for two days."""
    user = current_user()
    if user is None or not user.may(Permission.AUDIT_VIEW):
        return []
    last = latest_verification()
    url = url_for("audit.index")
    if last is None or last.finished_at is None or utc_now() - last.finished_at > OLD_AFTER:
        text = "The log is checked every night by the ticker. No check has ended in the last two days."
        return [Attention("warn", "shield", "The audit log has not been verified lately", text, url, "Verify it now")]
    if last.state == VerificationState.INTACT:
        return []
    broken = last.state == VerificationState.BROKEN
    title = "The audit log is broken" if broken else "The audit log could not be verified"
    return [Attention("bad" if broken else "warn", "alert", title, last.problem_text or "", url, "See what was found")]


def record_undecryptable(error: CellError) -> None:
    """A sealed cell that does not open is a security event: it goes into the log whatever becomes of the page."""
    with new_session() as session:
        record(
            AuditAction.UNDECRYPTABLE,
            SYSTEM,
            object_type=error.context,
            object_id=error.row_id,
            outcome=Outcome.FAILED,
            reason=error.code,
            session=session,
        )
        session.commit()
