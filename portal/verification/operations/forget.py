"""What becomes of verifications: moved to the client that is kept, unlinked from an erased one, deleted when old."""

import uuid
from collections.abc import Collection

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.db import db, utc_now
from portal.messages.models import CapturedSms
from portal.settings.queries import value
from portal.settings.rules.retention import VERIFICATIONS
from portal.verification.events import VerificationAction
from portal.verification.models import Verification
from portal.verification.queries import list_verifications_of
from portal.web.actor import SYSTEM, Actor


def follow_merge(kept_id: uuid.UUID, gone_id: uuid.UUID, actor: Actor) -> list[str]:
    """Moves the verifications of a merged client, and the caught SMS of their codes; says how many there were."""
    session = db.session()
    rows = list_verifications_of(session, gone_id)
    for row in rows:
        row.client_id = kept_id
    session.execute(update(CapturedSms).where(CapturedSms.client_id == gone_id).values(client_id=kept_id))
    if not rows:
        return []
    record(VerificationAction.MERGE, actor, object_type="client", object_id=kept_id, subject_ref=kept_id)
    return [f"{len(rows)} verification{'' if len(rows) == 1 else 's'} by code moved"]


def unlink(client_id: uuid.UUID, actor: Actor) -> int:
    """
    Takes the person out of their verifications; how many there were.

    The keyed hash of the number stays until the purge, or an erasure would be a way around the limits.
    """
    rows = list_verifications_of(db.session(), client_id)
    for row in rows:
        row.client_id = row.provider_id = None
    if rows:
        record(VerificationAction.UNLINK, actor, object_type="client", object_id=client_id, subject_ref=client_id)
    return len(rows)


def remove_verifications(client_ids: Collection[uuid.UUID], actor: Actor) -> int:
    """Deletes every verification of these clients: for demo data alone. Says how many."""
    gone = delete(Verification).where(Verification.client_id.in_(client_ids)).returning(Verification.id)
    removed = len(db.session.scalars(gone).all())
    record(VerificationAction.REMOVE, actor, object_type="verification", reason=f"{removed} of demo clients")
    return removed


def purge(session: Session) -> int:
    """Deletes old verifications, and the caught SMS of codes; says how many verifications went."""
    before = utc_now() - value(VERIFICATIONS)
    gone = delete(Verification).where(Verification.started_at < before).returning(Verification.id)
    count = len(session.scalars(gone).all())
    codes = CapturedSms.message_id.is_(None)
    session.execute(delete(CapturedSms).where(codes, CapturedSms.captured_at < before))
    if count:
        record(
            VerificationAction.PURGE,
            SYSTEM,
            object_type="verification",
            reason=f"{count} verifications",
            session=session,
        )
    return count
