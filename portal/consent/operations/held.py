"""The end of each client's chain, held until the transaction ends: whoever writes decides on what it says."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import ARRAY, Uuid, any_, cast, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from portal.clients.models import Client
from portal.consent.models import ConsentEvent
from portal.consent.queries import standings
from portal.consent.rules.ledger import GENESIS
from portal.consent.rules.standing import Now, Place


@dataclass(slots=True)
class Ledger:
    """The end of one client's chain and what it says now; appending moves it on."""

    client_id: uuid.UUID
    client_state: str
    country: str | None
    seq: int = 0
    end: bytes = GENESIS
    now: dict[Place, Now] = field(default_factory=dict)


def hold_ledgers(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Ledger]:
    """Makes everybody else who writes about these clients wait; clients that do not exist are left out."""
    wanted = cast(list(client_ids), ARRAY(Uuid))
    held = select(Client.id, Client.state, Client.country).where(Client.id == any_(wanted)).order_by(Client.id)
    rows = session.execute(held.with_for_update(key_share=True))
    ledgers = {row[0]: Ledger(row[0], row[1], row[2]) for row in rows}
    # Read after the lock, so that what was written while we waited is seen.
    ends = select(ConsentEvent.client_id, ConsentEvent.seq, ConsentEvent.mac).ext(distinct_on(ConsentEvent.client_id))
    ends = ends.where(ConsentEvent.client_id == any_(wanted)).order_by(ConsentEvent.client_id, ConsentEvent.seq.desc())
    for client_id, seq, end in session.execute(ends):
        ledgers[client_id].seq, ledgers[client_id].end = seq, end
    for client_id, now in standings(session, ledgers).items():
        ledgers[client_id].now = now
    return ledgers


def hold_ledger(session: Session, client_id: uuid.UUID) -> Ledger:
    """
    The ledger of one client, who must be there; of one who was merged, that of the client who is kept.

    Asked after the lock: somebody who withdraws while a merge commits withdraws for the kept client.
    """
    ledger = hold_ledgers(session, [client_id])[client_id]
    kept_id = session.scalar(select(Client.merged_into_id).where(Client.id == client_id))
    return hold_ledger(session, kept_id) if kept_id else ledger
