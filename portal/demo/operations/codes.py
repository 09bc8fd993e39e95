"""Codes by SMS of the company's last days: never sent, but written and caught as simulation would have."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.audit.operations import record
from portal.channels.sms.segments import size_of
from portal.clients.models import Channel, Client, ContactPoint
from portal.clients.queries import list_demo_clients
from portal.db import db, utc_now
from portal.demo.operations.naming import COMPANY
from portal.messages.models import CapturedSms
from portal.settings.rules.organisation import NAME
from portal.verification.events import VerificationAction
from portal.verification.models import Purpose, Verification, VerificationState
from portal.verification.rules.codes import LIFETIME, new_code, number_mark
from portal.verification.rules.texts import sms_text
from portal.web.actor import Actor


@dataclass(frozen=True, slots=True)
class Past:
    """How long ago a code was asked for, what for, and how it ended."""

    age: timedelta
    purpose: Purpose
    state: VerificationState
    wrong_tries: int = 0


PAST = (
    Past(timedelta(days=6, hours=3), Purpose.OPT_IN, VerificationState.CONFIRMED),
    Past(timedelta(days=2, hours=1), Purpose.IDENTITY, VerificationState.EXHAUSTED, 3),
    Past(timedelta(hours=5), Purpose.OPT_IN, VerificationState.CONFIRMED, 1),
    Past(timedelta(minutes=50), Purpose.OPT_IN, VerificationState.SENT),
)


def load_codes(actor: Actor) -> None:
    """A few of the company's clients with a telephone have been sent a code."""
    phones = [(client, point) for client in list_demo_clients() for point in client.contact_points if is_phone(point)]
    now = utc_now()
    for past, (client, point) in zip(PAST, phones, strict=False):
        _write(past, client, point.address or "", now - past.age, actor)


def is_phone(point: ContactPoint) -> bool:
    """Whether codes can go there."""
    return point.channel == Channel.SMS and bool(point.address)


def _write(past: Past, client: Client, number: str, started_at: datetime, actor: Actor) -> None:
    confirmed = past.state is VerificationState.CONFIRMED
    caught = CapturedSms(client_id=client.id, captured_at=started_at)
    caught.address, caught.body = number, sms_text(COMPANY[NAME], new_code(), client.language)
    row = Verification(
        client_id=client.id,
        channel=Channel.SMS,
        purpose=past.purpose,
        state=past.state,
        number_hash=number_mark(number),
        started_at=started_at,
        expires_at=started_at + LIFETIME,
        confirmed_at=started_at + timedelta(minutes=1) if confirmed else None,
        wrong_tries=past.wrong_tries,
        segments=size_of(caught.body).segments,
        cost_micro=0,
        simulated=True,
    )
    db.session.add_all([row, caught])
    db.session.flush()
    record(
        VerificationAction.START,
        actor,
        object_type="verification",
        object_id=row.id,
        subject_ref=client.id,
        reason="invented past of the demo",
    )
