"""What follows an attempt, and what follows a lost worker, as tables."""

from datetime import UTC, datetime, timedelta

import pytest
from portal.channels.base import Accepted, Failure, FailureClass, Refused, Scope, Unknown
from portal.messages.models import MessageState
from portal.messages.rules import Progress, after, after_lost_lease

NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)


def waits(retry):
    return (60, 300, 900, 3600)[min(retry, 3)]


def progress(attempts=1, resends=0, channel="email", hours=24):
    return Progress(channel, attempts, resends, NOW + timedelta(hours=hours))


def refused(kind, retry_after=None):
    return Refused(Failure(kind, Scope.PROVIDER, "451", "Later.", retry_after))


def test_a_taken_message_is_accepted():
    assert after(Accepted("m"), progress(), NOW, waits).state is MessageState.ACCEPTED


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 60), (2, 300), (3, 900), (4, 3600), (9, 3600)])
def test_a_transient_failure_waits_longer_each_time_then_hourly(attempts, seconds):
    following = after(refused(FailureClass.TRANSIENT), progress(attempts), NOW, waits)
    assert (following.state, following.due_at, following.burnt) == (
        MessageState.QUEUED,
        NOW + timedelta(seconds=seconds),
        True,
    )


def test_a_retry_after_the_deadline_is_an_end():
    following = after(refused(FailureClass.TRANSIENT), progress(4, hours=1), NOW, waits)
    assert following.state is MessageState.EXPIRED


@pytest.mark.parametrize("kind", [FailureClass.PERMANENT, FailureClass.OPT_OUT])
def test_a_permanent_failure_is_final(kind):
    assert after(refused(kind), progress(), NOW, waits).state is MessageState.FAILED


@pytest.mark.parametrize("kind", [FailureClass.THROTTLED, FailureClass.AUTH, FailureClass.CONFIG])
def test_what_is_not_the_messages_fault_does_not_use_up_its_retries(kind):
    following = after(refused(kind, timedelta(seconds=120)), progress(), NOW, waits)
    assert (following.state, following.burnt, following.due_at) == (
        MessageState.QUEUED,
        False,
        NOW + timedelta(seconds=120),
    )


@pytest.mark.parametrize(
    ("channel", "resends", "state"),
    [("email", 0, MessageState.QUEUED), ("email", 1, MessageState.UNCERTAIN), ("sms", 0, MessageState.UNCERTAIN)],
)
def test_a_doubtful_email_is_repeated_once_and_nothing_else_is(channel, resends, state):
    following = after(Unknown("lost", "x"), progress(channel=channel, resends=resends), NOW, waits)
    assert (following.state, following.resend) == (state, state is MessageState.QUEUED)


@pytest.mark.parametrize(
    ("before", "channel", "crashes", "resends", "state"),
    [
        (MessageState.CLAIMED, "sms", 0, 1, MessageState.QUEUED),
        (MessageState.HANDED, "email", 0, 0, MessageState.QUEUED),
        (MessageState.HANDED, "email", 1, 1, MessageState.UNCERTAIN),
        (MessageState.HANDED, "sms", 0, 0, MessageState.UNCERTAIN),
        (MessageState.CLAIMED, "email", 2, 0, MessageState.DEAD),
    ],
)
def test_what_becomes_of_a_message_whose_worker_is_gone(before, channel, crashes, resends, state):
    assert after_lost_lease(before, channel, crashes, resends) is state
