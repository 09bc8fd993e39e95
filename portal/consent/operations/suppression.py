"""Putting addresses on the suppression list, on whatever session the caller works with."""

import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.audit.rules.text import without_identifiers
from portal.clients.models import ContactPoint
from portal.consent.events import ConsentAction
from portal.consent.models import Suppression, SuppressionReason, SuppressionScope
from portal.consent.rules.addresses import suppression_hash, suppression_hashes
from portal.db import new_id
from portal.web.actor import SYSTEM, Actor


def suppress_address(session: Session, contact_point_id: uuid.UUID, reason_code: str) -> bool:
    """
    After a permanent bounce: nothing more goes to this address, whoever has it.

    Says whether the address is new on the list; one that was erased meanwhile cannot be written to anyway.
    """
    point = session.get(ContactPoint, contact_point_id)
    if point is None or not point.address:
        return False
    return suppress(
        session,
        point.channel,
        point.address,
        SuppressionReason.BOUNCED,
        source=reason_code,
        actor=SYSTEM,
        client_id=point.client_id,
    )


def suppress(  # noqa: PLR0913 - what is known of a suppression; each part is named at the call
    session: Session,
    channel: str,
    address: str,
    reason: SuppressionReason,
    *,
    source: str,
    actor: Actor,
    client_id: uuid.UUID | None = None,
) -> bool:
    """Adds the address under the active key, unless it is there under any key; says whether it was added."""
    if _is_listed(session, channel, address):
        return False
    key_id, tag = suppression_hash(channel, address)
    row = {
        "id": new_id(),
        "address_hash": tag,
        "key_id": key_id,
        "channel": str(channel),
        "scope": str(SuppressionScope.ALL),
        "reason": str(reason),
        "source": without_identifiers(source),
    }
    added = session.scalar(insert(Suppression).values(row).on_conflict_do_nothing().returning(Suppression.id))
    if added is None:
        return False
    record(
        ConsentAction.SUPPRESS,
        actor,
        object_type="suppression",
        object_id=added,
        subject_ref=client_id,
        reason=f"{reason}: {source}",
        session=session,
    )
    return True


def _is_listed(session: Session, channel: str, address: str) -> bool:
    known = select(Suppression.id).where(
        Suppression.channel == channel,
        Suppression.address_hash.in_(suppression_hashes(channel, address)),
        Suppression.scope == SuppressionScope.ALL,
    )
    return session.scalar(known.limit(1)) is not None
