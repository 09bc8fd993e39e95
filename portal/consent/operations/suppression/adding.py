"""Putting one address on the suppression list, on whatever session the caller works with."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.audit.rules.text import without_identifiers
from portal.clients.models import ContactPoint
from portal.consent.events import ConsentAction
from portal.consent.models import Suppression, SuppressionOrigin, SuppressionReason, SuppressionScope
from portal.consent.rules.addresses import suppression_hash, suppression_hashes
from portal.consent.rules.suppression import USUAL_ORIGIN, scopes_within
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
    scope: SuppressionScope = SuppressionScope.ALL,
    origin: SuppressionOrigin | None = None,
) -> bool:
    """
    Adds the address under the active key, unless it stands there for this reason under any key; says whether it did.

    Raises NotAnAddress for what is none. Who said so follows from the reason where no origin is given.
    """
    if _is_listed(session, channel, address, reason, scope):
        return False
    words = {"channel": channel, "scope": scope, "reason": reason, "origin": origin or USUAL_ORIGIN[reason]}
    added = _add(session, address, {**words, "source": without_identifiers(source)})
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


def _add(session: Session, address: str, words: Mapping[str, str]) -> uuid.UUID | None:
    key_id, tag = suppression_hash(words["channel"], address)
    row = {name: str(word) for name, word in words.items()} | {"id": new_id(), "address_hash": tag, "key_id": key_id}
    return session.scalar(insert(Suppression).values(row).on_conflict_do_nothing().returning(Suppression.id))


def _is_listed(session: Session, channel: str, address: str, reason: str, scope: str) -> bool:
    known = select(Suppression.id).where(
        Suppression.channel == channel,
        Suppression.address_hash.in_(suppression_hashes(channel, address)),
        Suppression.scope.in_(scopes_within(scope)),
        Suppression.reason == reason,
    )
    return session.scalar(known.limit(1)) is not None
