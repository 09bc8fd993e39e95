"""Taking an entry off the list: one person asks with a reason, a second one decides, and both stand in the log."""

import uuid

from sqlalchemy import delete

from portal.audit.operations import record
from portal.audit.rules.text import without_identifiers
from portal.consent.events import ConsentAction
from portal.consent.models import RemovalState, Suppression, SuppressionRemoval
from portal.consent.queries.suppression import find_open_removal
from portal.consent.rules.suppression import RemovalRefused, why_not_removable
from portal.db import db, new_id, utc_now
from portal.web.actor import Actor


def ask_for_removal(suppression_id: uuid.UUID, why: str, actor: Actor) -> SuppressionRemoval:
    """
    Asks that an entry be taken off. The address stays blocked until a second person approves.

    Raises RemovalRefused, in a sentence for people: for what a person chose, for an entry that is gone, and where
    somebody asked already.
    """
    # Locked, so that two who ask at once do not both find that nobody has.
    entry = db.session.get(Suppression, suppression_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise RemovalRefused("This entry is not on the list any more.")
    if refusal := why_not_removable(entry.reason, entry.origin):
        raise RemovalRefused(refusal)
    if find_open_removal(suppression_id) is not None:
        raise RemovalRefused("Somebody asked for this already. A second person has to decide.")
    request = SuppressionRemoval(
        id=new_id(),
        suppression_id=entry.id,
        channel=entry.channel,
        reason=entry.reason,
        state=RemovalState.OPEN,
        asked_by=_person(actor),
        asked_label=actor.label,
        asked_at=utc_now(),
        asked_because=_reason(why),
    )
    db.session.add(request)
    db.session.flush()
    _note(ConsentAction.ASK_FOR_REMOVAL, request, actor, why)
    return request


def approve_removal(removal_id: uuid.UUID, why: str, actor: Actor) -> None:
    """Takes the entry off, if this is not the person who asked; raises RemovalRefused otherwise."""
    request = _decide(removal_id, RemovalState.APPROVED, why, actor)
    # Flushed first: the database lets an entry go only when it sees that a second person approved.
    db.session.flush()
    db.session.execute(delete(Suppression).where(Suppression.id == request.suppression_id))
    _note(ConsentAction.APPROVE_REMOVAL, request, actor, why)


def deny_removal(removal_id: uuid.UUID, why: str, actor: Actor) -> None:
    """Leaves the entry on the list, if this is not the person who asked; raises RemovalRefused otherwise."""
    request = _decide(removal_id, RemovalState.DENIED, why, actor)
    _note(ConsentAction.DENY_REMOVAL, request, actor, why)


def _decide(removal_id: uuid.UUID, state: RemovalState, why: str, actor: Actor) -> SuppressionRemoval:
    # Locked, so that of two who decide at once the second finds it decided.
    request = db.session.get_one(SuppressionRemoval, removal_id, with_for_update=True, populate_existing=True)
    if request.state != RemovalState.OPEN:
        raise RemovalRefused("This is decided already.")
    person = _person(actor)
    if person == request.asked_by:
        raise RemovalRefused("You asked for this yourself. A second person has to decide.")
    request.state = state
    request.decided_by, request.decided_label, request.decided_at = person, actor.label, utc_now()
    request.decided_because = _reason(why)
    return request


def _person(actor: Actor) -> uuid.UUID:
    if actor.id is None:
        raise RemovalRefused("Only a member of staff can do this.")
    return actor.id


def _reason(why: str) -> str:
    if not why.strip():
        raise RemovalRefused("Say why.")
    return without_identifiers(why.strip())


def _note(action: ConsentAction, request: SuppressionRemoval, actor: Actor, why: str) -> None:
    record(action, actor, object_type="suppression_removal", object_id=request.id, reason=f"{request.reason}: {why}")
