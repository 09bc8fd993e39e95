"""Collects entries in the session until it commits; what is rolled back, also to a savepoint, is forgotten."""

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.audit.events import AccessType, Outcome
from portal.audit.rules.canonical import VERSION
from portal.audit.rules.changes import Change
from portal.audit.rules.text import shortened_address, storable, without_identifiers
from portal.db import db, utc_now
from portal.web.actor import Actor, ActorKind

COLLECTED = "heedful_audit"
REFERENCES_PER_ENTRY = 100
NEEDS_PURPOSE = (AccessType.EXPORT, AccessType.DECRYPT)


class PurposeMissing(ValueError):
    """An export or a decryption that does not say what it is for."""


def record(  # noqa: PLR0913 - the envelope of an entry; each part is named at the call
    action: StrEnum,
    actor: Actor,
    *,
    object_type: str = "",
    object_id: object = "",
    subject_ref: object | None = None,
    access_type: AccessType = AccessType.CHANGE,
    purpose: str = "",
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    changes: Sequence[Change] = (),
    session: Session | None = None,
) -> None:
    """
    Adds an entry to the log when this session commits, together with the change or not at all.

    Values of changes come from diff(), which hides what must not be shown; email addresses and telephone numbers are
    taken out of the purpose and the reason.
    """
    facts = {
        "action": str(action),
        "object_type": object_type,
        "object_id": storable(str(object_id)),
        "subject_refs": [] if subject_ref is None else [storable(str(subject_ref))],
        "access_type": str(access_type),
        "purpose": without_identifiers(purpose),
        "outcome": str(outcome),
        "reason": without_identifiers(reason),
        "changes": [[change.field, str(change.data_class), change.before, change.after] for change in changes],
    }
    _collect(facts | _envelope(actor), session if session is not None else db.session())


def record_read(  # noqa: PLR0913 - the envelope of an entry; each part is named at the call
    action: StrEnum,
    actor: Actor,
    *,
    subject_refs: Sequence[object] = (),
    access_type: AccessType = AccessType.VIEW,
    purpose: str = "",
    object_type: str = "",
    object_id: object = "",
    reason: str = "",
    session: Session | None = None,
) -> None:
    """
    Adds the entries of a look at personal data; commit them before anything is shown.

    Every client looked at is named by reference, at most a hundred in one entry. Exports and decryptions without a
    purpose are refused.
    """
    if access_type in NEEDS_PURPOSE and not purpose.strip():
        raise PurposeMissing(f"{action} needs a purpose.")
    target = session if session is not None else db.session()
    references = [storable(str(reference)) for reference in subject_refs]
    common = {
        "action": str(action),
        "object_type": object_type,
        "object_id": storable(str(object_id)),
        "access_type": str(access_type),
        "purpose": without_identifiers(purpose),
        "outcome": str(Outcome.DONE),
        "reason": without_identifiers(reason),
        "changes": [],
    }
    for start in range(0, max(len(references), 1), REFERENCES_PER_ENTRY):
        part = references[start : start + REFERENCES_PER_ENTRY]
        _collect(common | _envelope(actor) | {"subject_refs": part}, target)


def collected(session: Session) -> list[dict[str, Any]]:
    """Takes the waiting entries out of the session, in the order in which they were recorded."""
    return [facts for facts, _ in session.info.pop(COLLECTED, [])]


def _envelope(actor: Actor) -> dict[str, Any]:
    ip = shortened_address(actor.ip) if actor.ip and actor.kind is ActorKind.CLIENT else actor.ip
    return {
        "version": VERSION,
        "event_id": uuid.uuid4(),
        "at": utc_now(),
        "actor_kind": str(actor.kind),
        "actor_id": actor.id,
        "actor_label": storable(actor.label),
        "actor_roles": list(actor.roles),
        "session_id": actor.session_id,
        "auth_method": actor.auth_method,
        "ip": ip,
        "ua_hash": actor.ua_hash,
        "request_id": actor.request_id,
    }


def _collect(facts: dict[str, Any], session: Session) -> None:
    # The transaction is kept beside the entry, so that rolling back to a savepoint drops what was recorded inside it.
    transaction = session.get_nested_transaction() or session.get_transaction() or session.begin()
    session.info.setdefault(COLLECTED, []).append((facts, transaction))


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, previous: SessionTransaction) -> None:
    waiting = session.info.get(COLLECTED, [])
    session.info[COLLECTED] = [item for item in waiting if not _is_within(item[1], previous)]


@event.listens_for(Session, "after_transaction_end")
def _forget_closed(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(COLLECTED, None)


def _is_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer
