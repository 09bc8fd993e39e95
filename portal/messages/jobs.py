"""What workers and the ticker do for messages: send a slice, free what was lost, wake workers for what is due."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.config.current import current
from portal.db import engine
from portal.messages.operations.pump import Pace, Pump
from portal.messages.operations.senders import email_delivery, load_texts
from portal.messages.operations.sweep import free_owner, sweep
from portal.messages.queries import has_due
from portal.queue import HORSE_LOST, JobName, QueueName, lease_owner, stop_requested, wake
from portal.queue.periodic import poll_when_redis_is_away, run_periodically

EMAIL = "email"


def register() -> None:
    """Makes the tasks known to workers and to the ticker."""
    HORSE_LOST["messages"] = free_owner
    run_periodically("messages.sweep", timedelta(seconds=10), sweep_lost)
    run_periodically("messages.wake_due", timedelta(seconds=2), wake_due)
    poll_when_redis_is_away("messages.email", send_slice)


def send_email() -> None:
    """The job: one slice of emails, and a wake-up of its own while more is waiting."""
    if send_slice():
        wake(QueueName.EMAIL, JobName.SEND_EMAIL)


def send_slice() -> bool:
    """Sends due emails for a while; whether more may be waiting."""
    pump = Pump(
        channel=EMAIL,
        owner=lease_owner(),
        pace=present_pace(),
        open_session=session_maker(engine()),
        stopping=stop_requested,
        load_texts=load_texts,
        delivery=email_delivery(),
    )
    return pump.run()


def present_pace() -> Pace:
    """The pace that environment and settings ask for; the waits before retries differ each time by their spread."""
    config = current()
    delays = tuple(config.retry.calculate_delay(number) for number in range(config.retry.max_retries))
    return Pace(
        slice_seconds=config.sending.slice_seconds,
        lease_seconds=config.sending.lease_seconds,
        claim_size=config.sending.claim_size,
        connections=config.smtp.pool_size,
        delays=delays,
    )


def session_maker(bind: Engine) -> Callable[[], Session]:
    """Sessions of their own on one engine, for threads that have no application around them."""
    return lambda: Session(bind, expire_on_commit=False)


def sweep_lost(session: Session) -> None:
    """Frees what lies under ended leases."""
    sweep(session)


def wake_due(session: Session) -> None:
    """Wakes a worker while anything is due; this repairs wake-ups that were lost, and starts retries on time."""
    if has_due(session, EMAIL):
        wake(QueueName.EMAIL, JobName.SEND_EMAIL)
