"""Says what happened to an account twice: in the audit log and in the stream of sign-ins. Ids only."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

import structlog

from portal.audit.operations import Change, Outcome, record
from portal.staff.events import StaffEvent
from portal.staff.models import StaffSession
from portal.web.actor import Actor, ActorKind

log = structlog.get_logger("auth.staff")

BIDX_PREFIX_BYTES = 4


def as_member(asking: Actor, row: StaffSession) -> Actor:
    """Whoever asks, now known as the member of a session; what they do stands under their name from here on."""
    member = row.member
    known = replace(asking, kind=ActorKind.STAFF, label=str(member.full_name), id=member.id, roles=(member.role,))
    return replace(known, session_id=row.id, auth_method=row.method)


def note(
    event: StaffEvent,
    actor: Actor,
    member_id: uuid.UUID | None,
    *,
    reason: str = "",
    refused: bool = False,
    changes: Sequence[Change] = (),
) -> None:
    """Writes the audit row with the change it belongs to, and the log event."""
    outcome = Outcome.REFUSED if refused else Outcome.DONE
    object_id = str(member_id or "")
    record(event, actor, object_type="staff", object_id=object_id, outcome=outcome, reason=reason, changes=changes)
    say = log.warning if refused else log.info
    say(event.value, member=object_id, outcome=outcome.value, reason=reason, session=str(actor.session_id or ""))


def note_throttled(email_bidx: bytes, wait_seconds: float) -> None:
    """Log only: whoever is told to wait must not be able to fill the audit log, which nobody may shorten."""
    prefix = email_bidx[:BIDX_PREFIX_BYTES].hex()
    log.warning("staff.sign_in_throttled", account=prefix, wait_seconds=round(wait_seconds, 1))
