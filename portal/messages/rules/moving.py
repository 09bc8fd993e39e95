"""How a message moves: what follows an attempt, and what follows a lost worker. Pure: reads no database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.channels.base import Accepted, FailureClass, Outcome, Unknown
from portal.messages.models import MessageState


class MessageError(Exception):
    """What can go wrong with an order; its text is a sentence for people."""


IN_FLIGHT = (MessageState.CLAIMED, MessageState.HANDED)
FINAL = frozenset(MessageState) - {MessageState.QUEUED, *IN_FLIGHT, MessageState.UNCERTAIN}
ACCOUNT_PAUSE = timedelta(minutes=5)
CRASHES_ALLOWED = 3
Waits = Callable[[int], float]  # the seconds before a retry, counted from 0; drawn anew for each message
RESENDS_WHEN_UNCERTAIN = {"email": 1}


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a message after an attempt; burnt says whether the attempt counts against its retries."""

    state: MessageState
    due_at: datetime | None = None
    burnt: bool = True
    reason: str = ""
    resend: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What the next step depends on: hand-overs with this one, repeats after doubt, and the time that is left."""

    channel: str
    attempts: int
    resends: int
    expires_at: datetime


def after(outcome: Outcome, progress: Progress, now: datetime, waits: Waits) -> Next:
    """What follows an attempt: an end, or another one after the wait that its number asks for."""
    if isinstance(outcome, Accepted):
        return Next(MessageState.ACCEPTED)
    if isinstance(outcome, Unknown):
        return _in_doubt(outcome, progress, now)
    failure = outcome.failure
    if failure.kind in {FailureClass.PERMANENT, FailureClass.OPT_OUT}:
        return Next(MessageState.FAILED, reason=failure.code)
    if failure.kind is FailureClass.TRANSIENT:
        wait = timedelta(seconds=waits(progress.attempts - 1))
        return _later(now + wait, progress.expires_at, failure.code, burnt=True)
    return _later(now + (failure.retry_after or ACCOUNT_PAUSE), progress.expires_at, failure.code, burnt=False)


def _in_doubt(outcome: Unknown, progress: Progress, now: datetime) -> Next:
    # The provider may hold the message. An email is sent once more: the same Message-ID lets receivers drop the copy.
    if progress.resends < RESENDS_WHEN_UNCERTAIN.get(progress.channel, 0):
        return Next(MessageState.QUEUED, now, reason=outcome.code, resend=True)
    return Next(MessageState.UNCERTAIN, reason=outcome.code)


def _later(due_at: datetime, expires_at: datetime, reason: str, *, burnt: bool) -> Next:
    if due_at >= expires_at:
        return Next(MessageState.EXPIRED, burnt=burnt, reason=reason)
    return Next(MessageState.QUEUED, due_at, burnt, reason)


def after_lost_lease(state: MessageState, channel: str, crashes: int, resends: int) -> MessageState:
    """What becomes of a message whose worker is gone; crashes and resends count those before this one.

    A claimed message was not handed over, so it is queued again. A handed one may have left: an email is sent once more
    with the same Message-ID, everything else waits for a person. A message that keeps killing workers is set aside.
    """
    if crashes + 1 >= CRASHES_ALLOWED:
        return MessageState.DEAD
    if state is MessageState.CLAIMED or resends < RESENDS_WHEN_UNCERTAIN.get(channel, 0):
        return MessageState.QUEUED
    return MessageState.UNCERTAIN
