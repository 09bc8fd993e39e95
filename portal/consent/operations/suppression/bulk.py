"""Putting many addresses on the suppression list in a few statements, for uploads and imports."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.audit.rules.text import without_identifiers
from portal.consent.events import ConsentAction
from portal.consent.models import Suppression, SuppressionOrigin, SuppressionReason, SuppressionScope
from portal.consent.rules.addresses import suppression_hash, suppression_hashes
from portal.consent.rules.suppression import USUAL_ORIGIN, scopes_within
from portal.db import new_id
from portal.web.actor import Actor

IN_ONE_STATEMENT = 1000


@dataclass(frozen=True, slots=True)
class Added:
    """What became of many addresses: how many are new on the list, and how many stood there."""

    added: int
    known: int


def suppress_many(  # noqa: PLR0913 - what is known of a list; each part is named at the call
    session: Session,
    channel: str,
    addresses: Sequence[str],
    reason: SuppressionReason,
    *,
    source: str,
    actor: Actor,
    scope: SuppressionScope = SuppressionScope.ALL,
    origin: SuppressionOrigin | None = None,
) -> Added:
    """
    Adds every address that is not there for this reason; one audit row says how many. Repeated ones count as known.

    Raises NotAnAddress where one of them is none: check them before, then the caller can say which.
    """
    facts = {
        "channel": str(channel),
        "scope": str(scope),
        "reason": str(reason),
        "origin": str(origin or USUAL_ORIGIN[reason]),
        "source": without_identifiers(source),
    }
    parts = (addresses[start : start + IN_ONE_STATEMENT] for start in range(0, len(addresses), IN_ONE_STATEMENT))
    added = sum(_add(session, facts, part) for part in parts)
    known = len(addresses) - added
    record(
        ConsentAction.SUPPRESS_MANY,
        actor,
        object_type="suppression",
        reason=f"{added} added, {known} known, {reason} by {channel}: {source}",
        session=session,
    )
    return Added(added, known)


def _add(session: Session, facts: dict[str, str], addresses: Sequence[str]) -> int:
    # Under the active key once, although the part may hold an address twice.
    wanted = {suppression_hash(facts["channel"], address)[1]: address for address in addresses}
    hashes = {tag: set(suppression_hashes(facts["channel"], address)) for tag, address in wanted.items()}
    key_id = suppression_hash(facts["channel"], addresses[0])[0]
    listed = set(
        session.scalars(
            select(Suppression.address_hash).where(
                Suppression.channel == facts["channel"],
                Suppression.address_hash.in_(set().union(*hashes.values())),
                Suppression.scope.in_(scopes_within(facts["scope"])),
                Suppression.reason == facts["reason"],
            )
        )
    )
    rows = [
        facts | {"id": new_id(), "address_hash": tag, "key_id": key_id} for tag in wanted if not hashes[tag] & listed
    ]
    if not rows:
        return 0
    # As parameters beside one statement: written into it, a thousand rows would be compiled anew each time.
    query = insert(Suppression).on_conflict_do_nothing().returning(Suppression.id)
    return len(session.scalars(query, rows).all())
