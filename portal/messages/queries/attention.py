"""What needs somebody: messages that ended badly, and email that no provider takes."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.db import utc_now
from portal.messages.models import Message, MessageAttempt, MessageState
from portal.messages.rules.tabs import first_id

RECENT = timedelta(days=7)
STUCK = timedelta(minutes=15)
COUNTED = 1_000
BAD_ENDS = (MessageState.FAILED, MessageState.BOUNCED, MessageState.UNCERTAIN, MessageState.DEAD)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Bad ends of the last days by state, at most COUNTED in all, and whether email has been stuck for a while."""

    ended: dict[str, int]
    is_stuck: bool


def find_trouble(session: Session) -> Trouble:
    """What is wrong now."""
    recent = Message.id >= first_id(utc_now() - RECENT)
    found = select(Message.state).where(recent, Message.state.in_(BAD_ENDS)).limit(COUNTED).subquery()
    counted = session.execute(select(found.c.state, func.count()).group_by(found.c.state))
    return Trouble(dict(counted.all()), _is_stuck(session))


def has_any_message(session: Session) -> bool:
    """Whether anything was ever ordered."""
    return bool(session.execute(select(exists().where(Message.id.is_not(None)))).scalar())


def _is_stuck(session: Session) -> bool:
    """Whether emails were tried in vain for a while: one waits since then, and no attempt was accepted since then."""
    before = first_id(utc_now() - STUCK)
    waiting = (Message.channel == "email", Message.state == MessageState.QUEUED, Message.id < before)
    if not session.execute(select(exists().where(*waiting, Message.attempts > 0))).scalar():
        return False
    taken = (MessageAttempt.id >= before, MessageAttempt.outcome == "accepted")
    return not session.execute(select(exists().where(*taken))).scalar()
