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
from portal.messages.rules import Waits
from portal.queue import HORSE_LOST, JobName, QueueName, lease_owner, stop_requested, wake
from portal.queue.periodic import poll_when_redis_is_away, run_periodically
from portal.settings.queries import value
from portal.settings.rules import retry

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
    """The pace that environment and settings ask for."""
    config = current()
    return Pace(
        slice_seconds=config.sending.slice_seconds,
        lease_seconds=config.sending.lease_seconds,
        claim_size=config.sending.claim_size,
        connections=config.smtp.pool_size,
        waits=present_waits(),
    )


def present_waits() -> Waits:
    """The waits before retries as staff have set them, or as the environment holds them."""
    chosen = {
        "max_retries": value(retry.MAX_RETRIES),
        "delays": tuple(int(delay.total_seconds()) for delay in value(retry.DELAYS)),
        "jitter_percent": value(retry.JITTER),
        "later_every": int(value(retry.LATER_INTERVAL).total_seconds()),
    }
    return current().retry.model_copy(update=chosen).calculate_delay


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
