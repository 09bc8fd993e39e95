"""Whether the ledger still says what was written, and whether current state and evidence follow from it."""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.consent.models import ConsentEvent, ConsentEvidence, TopicWording
from portal.consent.queries.states import standings
from portal.consent.rules.evidence import is_evidence_of
from portal.consent.rules.ledger import Broken, find_break
from portal.consent.rules.standing import fold
from portal.crypto.keyring import verify_mac
from portal.crypto.purposes import Purpose


def check_ledger(session: Session, client_id: uuid.UUID | None = None) -> list[Broken]:
    """The first thing that is wrong for each client, or for one; empty when all is as it was written."""
    query = select(ConsentEvent).order_by(ConsentEvent.client_id, ConsentEvent.seq)
    if client_id is not None:
        query = query.where(ConsentEvent.client_id == client_id)
    return list(_checked(session, session.scalars(query.execution_options(yield_per=1000))))


def _checked(session: Session, events: Iterator[ConsentEvent]) -> Iterator[Broken]:
    for _, of_client in groupby(events, key=lambda event: event.client_id):
        chain = list(of_client)
        broken = (
            find_break(chain, _is_sealed)
            or _evidence(session, chain)
            or _wordings(session, chain)
            or _state(session, chain)
        )
        if broken is not None:
            yield broken


def _is_sealed(key_id: int, data: bytes, tag: bytes) -> bool:
    return verify_mac(Purpose.AUDIT, key_id, data, tag)


def _evidence(session: Session, chain: Sequence[ConsentEvent]) -> Broken | None:
    query = select(ConsentEvidence).where(ConsentEvidence.event_id.in_([event.id for event in chain]))
    kept = {row.event_id: row.evidence for row in session.scalars(query)}
    for event in chain:
        # Evidence that is gone was erased; what is there must be what was written.
        if event.id in kept and not is_evidence_of(event.id, kept[event.id], event.evidence_digest or b""):
            return Broken(event.client_id, event.seq, f"The evidence of event {event.seq} is not what was written.")
    return None


def _wordings(session: Session, chain: Sequence[ConsentEvent]) -> Broken | None:
    read = {event.wording_id for event in chain if event.statement_sha256}
    rows = session.execute(select(TopicWording.id, TopicWording.text).where(TopicWording.id.in_(read)))
    digests: dict[uuid.UUID | None, bytes] = {row[0]: hashlib.sha256(row[1].encode()).digest() for row in rows}
    for event in chain:
        if event.statement_sha256 and digests.get(event.wording_id) != event.statement_sha256:
            return Broken(event.client_id, event.seq, f"The wording of event {event.seq} is not what the person read.")
    return None


def _state(session: Session, chain: Sequence[ConsentEvent]) -> Broken | None:
    client_id, last = chain[-1].client_id, chain[-1].seq
    if standings(session, [client_id]).get(client_id) == fold(chain):
        return None
    return Broken(client_id, last, f"What counts now does not follow from the {last} events of the ledger.")
