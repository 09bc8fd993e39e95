"""The rows of verifications on their way: reserved before the SMS leaves, settled when its outcome is known."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.operations import Outcome as AuditOutcome
from portal.audit.operations import record
from portal.channels.base import Accepted, Outcome, Unknown
from portal.channels.sms.segments import size_of
from portal.channels.sms.text import Sms
from portal.config.channels import Channel
from portal.db import new_id, new_session, utc_now
from portal.messages.models import CapturedSms
from portal.settings.queries import value
from portal.settings.rules.limits import MONEY_PER_DAY, PER_DAY, PER_HOUR, SMS_PRICE
from portal.verification.events import VerificationAction
from portal.verification.models import Purpose, Verification, VerificationState
from portal.verification.queries import find_verification, take_older, used_by
from portal.verification.rules.codes import LIFETIME, number_mark, number_marks
from portal.verification.rules.limits import Limits, Refusal, refusal
from portal.web.actor import Actor

# Starts reserve one after the other, because the money of a day is one sum for all numbers.
RESERVE_LOCK = 7_203_331_041


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked for: a code for this client and purpose, really or in simulation."""

    client_id: uuid.UUID | None
    purpose: Purpose
    simulated: bool


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place in the limits that is taken now."""

    id: uuid.UUID
    simulated: bool


def reserve(place: Place, sms: Sms, actor: Actor) -> Reserved | Refusal:
    """Takes a place in the limits and commits it, or says which limit stands in the way. Parallel starts wait here."""
    segments = size_of(sms.text).segments
    cost = 0 if place.simulated else segments * value(SMS_PRICE)
    limits = Limits(value(PER_HOUR), value(PER_DAY), value(MONEY_PER_DAY).micro)
    with new_session() as session, session.begin():
        session.execute(select(func.pg_advisory_xact_lock(RESERVE_LOCK)))
        now = utc_now()
        refused = refusal(limits, used_by(session, number_marks(sms.to), now), cost, now)
        if refused is not None:
            return refused
        row = Verification(
            id=new_id(),
            client_id=place.client_id,
            channel=Channel.SMS,
            purpose=place.purpose,
            state=VerificationState.STARTED,
            number_hash=number_mark(sms.to),
            started_at=now,
            expires_at=now + LIFETIME,
            segments=segments,
            cost_micro=cost,
            simulated=place.simulated,
        )
        session.add(row)
        _note(session, VerificationAction.START, row, actor)
        return Reserved(row.id, place.simulated)


def settle_failed(verification_id: uuid.UUID, code: str, actor: Actor) -> None:
    """Gives the place back: nothing was sent. That it was asked for stays."""
    with new_session() as session, session.begin():
        row = _held(session, verification_id)
        row.state, row.failure_code = VerificationState.FAILED, code
        _note(session, VerificationAction.NOT_SENT, row, actor, outcome=AuditOutcome.FAILED, reason=code)


def settle_sent(verification_id: uuid.UUID, sms: Sms, outcome: Outcome, actor: Actor) -> list[uuid.UUID]:
    """Notes that the code has left, or may have; the ids of the older codes that are worth nothing from now on."""
    with new_session() as session, session.begin():
        row = _held(session, verification_id)
        row.state = VerificationState.SENT
        if isinstance(outcome, Accepted):
            row.provider_id = outcome.provider_id
        if isinstance(outcome, Unknown):
            row.state, row.failure_code = VerificationState.UNCERTAIN, outcome.code
        if row.simulated:
            _capture(session, row, sms)
        older = take_older(session, row)
        for one in older:
            one.state = VerificationState.SUPERSEDED
        _note(session, VerificationAction.SENT, row, actor, reason=row.failure_code)
        return [one.id for one in older]


def _held(session: Session, verification_id: uuid.UUID) -> Verification:
    # Its own row first and the others without waiting: two that settle at once cannot wait for each other.
    row = find_verification(session, verification_id, for_update=True)
    assert row is not None  # noqa: S101 - reserved and committed a moment ago
    return row


def _capture(session: Session, row: Verification, sms: Sms) -> None:
    caught = CapturedSms(client_id=row.client_id)
    caught.address, caught.body = sms.to, sms.text
    session.add(caught)


def _note(
    session: Session,
    action: VerificationAction,
    row: Verification,
    actor: Actor,
    *,
    outcome: AuditOutcome = AuditOutcome.DONE,
    reason: str = "",
) -> None:
    record(
        action,
        actor,
        object_type="verification",
        object_id=row.id,
        subject_ref=row.client_id,
        outcome=outcome,
        reason=reason,
        session=session,
    )
