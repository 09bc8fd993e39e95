"""The SMS that simulation caught."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.clients.models import Client
from portal.messages.models import CapturedSms


@dataclass(frozen=True, slots=True)
class CaughtSms:
    """One caught SMS, and the client it was for where one is known."""

    sms: CapturedSms
    client: Client | None


def list_captured_sms(
    session: Session, *, below: uuid.UUID | None = None, above: uuid.UUID | None = None, limit: int
) -> list[CaughtSms]:
    """Caught SMS, the newest first, below or above an id."""
    query = _caught().limit(limit)
    if above is not None:
        rows = session.execute(query.where(CapturedSms.id > above).order_by(CapturedSms.id))
        return [CaughtSms(*row) for row in rows][::-1]
    if below is not None:
        query = query.where(CapturedSms.id < below)
    return [CaughtSms(*row) for row in session.execute(query.order_by(CapturedSms.id.desc()))]


def find_captured_sms(session: Session, captured_id: uuid.UUID) -> CaughtSms | None:
    """One caught SMS."""
    found = session.execute(_caught().where(CapturedSms.id == captured_id)).first()
    return CaughtSms(*found) if found else None


def _caught() -> Select[CapturedSms, Client]:
    return select(CapturedSms, Client).outerjoin(Client, Client.id == CapturedSms.client_id)
