"""Whether the ledger still says what was written, and whether current state and evidence follow from it."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.consent.models import ConsentEvent, ConsentEvidence, TopicWording
from portal.consent.queries.states import standings
from portal.consent.rules.evidence import is_evidence_of
from portal.consent.rules.ledger import Broken, find_break
from portal.consent.rules.standing import Now, Place, fold
from portal.crypto.keyring import verify_mac
from portal.crypto.purposes import Purpose

CLIENTS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the events of some clients, read in three statements."""

    evidence: Mapping[uuid.UUID, str]
    digests: Mapping[uuid.UUID | None, bytes]
    now: Mapping[uuid.UUID, Mapping[Place, Now]]


def check_ledger(session: Session, client_id: uuid.UUID | None = None) -> list[Broken]:
    """The first thing that is wrong for each client, or for one; empty when all is as it was written."""
    query = select(ConsentEvent).order_by(ConsentEvent.client_id, ConsentEvent.seq)
    if client_id is not None:
        query = query.where(ConsentEvent.client_id == client_id)
    return list(_checked(session, session.scalars(query.execution_options(yield_per=1000))))


def _checked(session: Session, events: Iterator[ConsentEvent]) -> Iterator[Broken]:
    chains = (list(of_client) for _, of_client in groupby(events, key=lambda event: event.client_id))
    while some := list(islice(chains, CLIENTS_AT_ONCE)):
        beside = _beside(session, some)
        for chain in some:
            broken = (
                find_break(chain, _is_sealed)
                or _evidence(beside, chain)
                or _wordings(beside, chain)
                or _state(beside, chain)
            )
            if broken is not None:
                yield broken


def _beside(session: Session, chains: Sequence[Sequence[ConsentEvent]]) -> Beside:
    events = [event for chain in chains for event in chain]
    proofs = select(ConsentEvidence).where(ConsentEvidence.event_id.in_([event.id for event in events]))
    read = select(TopicWording.id, TopicWording.text).where(TopicWording.id.in_({event.wording_id for event in events}))
    return Beside(
        evidence={row.event_id: row.evidence for row in session.scalars(proofs)},
        digests={row[0]: hashlib.sha256(row[1].encode()).digest() for row in session.execute(read)},
        now=standings(session, [chain[0].client_id for chain in chains]),
    )


def _is_sealed(key_id: int, data: bytes, tag: bytes) -> bool:
    return verify_mac(Purpose.AUDIT, key_id, data, tag)


def _evidence(beside: Beside, chain: Sequence[ConsentEvent]) -> Broken | None:
    for event in chain:
        kept = beside.evidence.get(event.id)
        # Evidence that is gone was erased; what is there must be what was written.
        if kept is not None and not is_evidence_of(event.id, kept, event.evidence_digest or b""):
            return Broken(event.client_id, event.seq, f"The evidence of event {event.seq} is not what was written.")
    return None


def _wordings(beside: Beside, chain: Sequence[ConsentEvent]) -> Broken | None:
    for event in chain:
        if event.statement_sha256 and beside.digests.get(event.wording_id) != event.statement_sha256:
            return Broken(event.client_id, event.seq, f"The wording of event {event.seq} is not what the person read.")
    return None


def _state(beside: Beside, chain: Sequence[ConsentEvent]) -> Broken | None:
    client_id, last = chain[-1].client_id, chain[-1].seq
    if beside.now.get(client_id) == fold(chain):
        return None
    return Broken(client_id, last, f"What counts now does not follow from the {last} events of the ledger.")
