"""Taking off what a person chose themselves, once they agreed again. Bounces and blocks by others stay."""

from collections.abc import Collection

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.audit.operations import record
from portal.consent.events import ConsentAction
from portal.consent.models import RemovalState, Suppression, SuppressionReason, SuppressionRemoval
from portal.consent.rules.addresses import suppression_hashes
from portal.consent.rules.suppression import OWN_CHOICE
from portal.web.actor import Actor


def lift_by_person(  # noqa: PLR0913 - what allows it; each part is named at the call
    session: Session,
    channel: str,
    address: str,
    actor: Actor,
    *,
    reasons: Collection[SuppressionReason] = OWN_CHOICE,
    sources: Collection[str] = (),
    why: str = "the person agreed again",
) -> int:
    """
    Ends the person's own opt-out and the mark of an erasure, under every key; says how many entries went.

    Call it in the transaction of the fresh consent that allows it. Whatever else stops the address goes on stopping it.
    With sources, only what one of them brought there is lifted.
    """
    own = OWN_CHOICE & frozenset(reasons)
    lifted = delete(Suppression).where(
        Suppression.channel == channel,
        Suppression.address_hash.in_(suppression_hashes(channel, address)),
        Suppression.reason.in_(own),
    )
    if sources:
        lifted = lifted.where(Suppression.source.in_(sources))
    gone = session.scalars(lifted.returning(Suppression.id)).all()
    if not gone:
        return 0
    open_ones = SuppressionRemoval.suppression_id.in_(gone), SuppressionRemoval.state == RemovalState.OPEN
    session.execute(update(SuppressionRemoval).where(*open_ones).values(state=RemovalState.GONE))
    for entry_id in gone:
        record(
            ConsentAction.LIFT,
            actor,
            object_type="suppression",
            object_id=entry_id,
            reason=f"{why}, by {channel}",
            session=session,
        )
    return len(gone)
