"""Takes due messages for one worker under a lease, and gives back what a worker could not finish.

The pump works on sessions of its own and commits step by step; every statement here is fenced by the lease token, so
that a worker whose lease has run out can change nothing any more.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.db import new_id

ALONE_AFTER_CRASHES = 2

# Messages whose workers died twice are claimed alone: a poisonous one is found, its neighbours are not blamed.
TAKE = text(
    """
    WITH due AS (
        SELECT id, crashes FROM message
        WHERE channel = :channel AND state = 'queued' AND due_at <= now()
        ORDER BY class_rank, due_at, id
        LIMIT :limit FOR UPDATE SKIP LOCKED
    ), mine AS (
        SELECT id FROM due WHERE crashes < :alone
        UNION ALL
        (SELECT id FROM due WHERE NOT EXISTS (SELECT FROM due WHERE crashes < :alone) LIMIT 1)
    )
    UPDATE message SET state = 'claimed', lease_token = :token, lease_owner = :owner,
        lease_until = now() + make_interval(secs => :seconds)
    FROM mine WHERE message.id = mine.id
    RETURNING message.id, message.class_rank, message.due_at
    """
)
GIVE_BACK = text(
    """
    UPDATE message SET state = 'queued', lease_token = NULL, lease_owner = NULL, lease_until = NULL
    WHERE lease_token = :token AND state = 'claimed'
    """
)
EXTEND = text(
    """
    UPDATE message SET lease_until = now() + make_interval(secs => :seconds)
    WHERE lease_token = :token AND state IN ('claimed', 'handed')
    """
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Messages that belong to one worker until the lease ends, in the order in which they go out."""

    token: uuid.UUID
    message_ids: Sequence[uuid.UUID]


def claim(session: Session, channel: str, owner: str, limit: int, seconds: float) -> Claim:
    """Takes up to `limit` due messages, those of the first class first; another worker's claims are skipped."""
    token = new_id()
    facts = {"channel": channel, "limit": limit, "alone": ALONE_AFTER_CRASHES}
    rows = session.execute(TAKE, {**facts, "token": token, "owner": owner, "seconds": seconds}).all()
    return Claim(token, [row.id for row in sorted(rows, key=lambda row: (row.class_rank, row.due_at, row.id))])


def give_back(session: Session, token: uuid.UUID) -> None:
    """Queues again what was claimed and not handed over; nothing of it can have left."""
    session.execute(GIVE_BACK, {"token": token})


def extend(session: Session, token: uuid.UUID, seconds: float) -> None:
    """Moves the end of the lease to `seconds` from now, by the clock of the database."""
    session.execute(EXTEND, {"token": token, "seconds": seconds})
