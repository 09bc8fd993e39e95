"""
Whether every opt-out was honoured: no message handed over on its topic and channel after it was committed.

Between writing a withdrawal and its commit lie milliseconds; SETTLES covers them, so that a message which left in that
moment is not called a fault. Everything later is one, until the client agrees again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Subquery, and_, func, select, union_all
from sqlalchemy.orm import Session, aliased

from portal.consent.models import ConsentEvent, Happening
from portal.consent.rules.standing import FRESH
from portal.messages.models import Message, MessageAttempt

SETTLES = timedelta(seconds=5)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Honoured:
    """How many opt-outs were checked, how many messages left after one, and since when the oldest is unhonoured."""

    checked: int
    messages: int
    oldest: datetime | None
    message_ids: Sequence[UUID]


def check_honoured(session: Session) -> Honoured:
    """Looks at every withdrawal there ever was, with every hand-over after it, retries included."""
    checked = select(func.count()).where(ConsentEvent.event == Happening.WITHDRAWN)
    found = _after_opt_out()
    figures = select(func.count(func.distinct(found.c.message_id)), func.min(found.c.withdrawn_at))
    messages, oldest = session.execute(figures).one()
    listed = select(found.c.message_id).distinct().order_by(found.c.message_id).limit(SHOWN)
    ids = session.scalars(listed).all() if messages else []
    return Honoured(session.scalar(checked) or 0, messages, oldest, ids)


def _after_opt_out() -> Subquery:
    withdrawn, again = aliased(ConsentEvent), aliased(ConsentEvent)
    # The attempts tell every hand-over whose outcome is known, the message the last one, known or not.
    handed = union_all(
        select(MessageAttempt.message_id, MessageAttempt.started_at.label("at")),
        select(Message.id, Message.handed_at).where(Message.handed_at.is_not(None)),
    ).subquery()
    same_place = [getattr(Message, name) == getattr(withdrawn, name) for name in ("client_id", "topic_id", "channel")]
    agreed_again = select(again.id).where(
        *(getattr(again, name) == getattr(withdrawn, name) for name in ("client_id", "topic_id", "channel")),
        again.seq > withdrawn.seq,
        again.event.in_(FRESH),
        again.recorded_at < handed.c.at,
    )
    return (
        select(Message.id.label("message_id"), withdrawn.recorded_at.label("withdrawn_at"))
        .select_from(withdrawn)
        .join(Message, and_(*same_place))
        .join(handed, handed.c.message_id == Message.id)
        .where(withdrawn.event == Happening.WITHDRAWN, handed.c.at > withdrawn.recorded_at + SETTLES)
        .where(~agreed_again.exists())
        .subquery()
    )
