"""Everything that is read about imports, and what the check asks about the clients who are here already."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, LargeBinary, any_, cast, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, selectinload

from portal.clients.models import Client, ContactPoint
from portal.consent.models import Topic, TopicState, TopicWording
from portal.db import db
from portal.imports.models import ENDED, WORKING, ClientImport, ImportChunk, ImportMapping
from portal.imports.rules.consents import WordingChoice
from portal.imports.rules.targets import TopicChoice

Place = tuple[str, bytes]


class Owner(NamedTuple):
    """Whose an address is."""

    client_id: uuid.UUID
    state: str
    point_id: uuid.UUID


def find_import(import_id: uuid.UUID) -> ClientImport | None:
    """One import, read anew."""
    return db.session.get(ClientImport, import_id, populate_existing=True)


def list_imports(limit: int = 50) -> Sequence[ClientImport]:
    """The newest imports first."""
    return db.session.scalars(select(ClientImport).order_by(ClientImport.id.desc()).limit(limit)).all()


def hold_import(session: Session, import_id: uuid.UUID) -> ClientImport:
    """The import, held until the transaction ends; waits for a worker's chunk."""
    query = select(ClientImport).where(ClientImport.id == import_id).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def claim_import(session: Session, import_id: uuid.UUID) -> ClientImport | None:
    """The import, held until the transaction ends; None while another worker holds it."""
    query = select(ClientImport).where(ClientImport.id == import_id).with_for_update(skip_locked=True)
    return session.scalar(query.execution_options(populate_existing=True))


def list_working(session: Session) -> Sequence[uuid.UUID]:
    """The imports that a worker has something to do with, the oldest first."""
    return session.scalars(
        select(ClientImport.id).where(ClientImport.state.in_(WORKING)).order_by(ClientImport.id)
    ).all()


def list_purgeable(session: Session, before: datetime) -> Sequence[ClientImport]:
    """Imports whose rows are kept though they ended before that moment, and those that nobody touched since."""
    over = ClientImport.ended_at < before
    left = ClientImport.state.not_in(ENDED) & (ClientImport.updated_at < before)
    query = select(ClientImport).where(ClientImport.purged_at.is_(None), or_(over, left)).order_by(ClientImport.id)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def find_chunk(session: Session, import_id: uuid.UUID, number: int) -> ImportChunk:
    """One chunk; it must be there."""
    wanted = (ImportChunk.import_id == import_id) & (ImportChunk.number == number)
    return session.scalars(select(ImportChunk).where(wanted)).one()


def list_problems(import_id: uuid.UUID, limit: int | None = None, offset: int = 0) -> Sequence[tuple[int, int, str]]:
    """Line, column and problem, by line."""
    one = func.jsonb_array_elements(ImportChunk.problems).table_valued("value", name="one")
    line, column, problem = (one.c.value.op("->>")(place) for place in range(3))
    query = select(line, column, problem).select_from(ImportChunk).join(one, true())
    query = query.where(ImportChunk.import_id == import_id)
    by_line = query.order_by(cast(line, BigInteger), cast(column, BigInteger), problem)
    return [(int(a), int(b), c) for a, b, c in db.session.execute(by_line.limit(limit).offset(offset))]


def first_of_each_problem(import_id: uuid.UUID) -> Sequence[tuple[int, int, str]]:
    """The first line of each kind of problem, by line."""
    one = func.jsonb_array_elements(ImportChunk.problems).table_valued("value", name="one")
    line, column = (cast(one.c.value.op("->>")(place), BigInteger) for place in range(2))
    problem = one.c.value.op("->>")(2)
    query = select(line, column, problem).select_from(ImportChunk).join(one, true()).ext(distinct_on(problem))
    query = query.where(ImportChunk.import_id == import_id).order_by(problem, line, column)
    return sorted((int(a), int(b), str(c)) for a, b, c in db.session.execute(query))


def count_problems(import_id: uuid.UUID) -> dict[str, int]:
    """How often each problem was found, the most frequent first."""
    one = func.jsonb_array_elements(ImportChunk.problems).table_valued("value", name="one")
    problem = one.c.value.op("->>")(2)
    query = select(problem, func.count()).select_from(ImportChunk).join(one, true())
    query = query.where(ImportChunk.import_id == import_id)
    rows = db.session.execute(query.group_by(problem).order_by(func.count().desc(), problem))
    return {str(row[0]): int(row[1]) for row in rows}


def find_mapping(fingerprint: bytes) -> dict[str, Any] | None:
    """What the columns of a file with these names became last time."""
    kept = db.session.get(ImportMapping, fingerprint)
    return kept.mapping if kept else None


def list_topic_choices() -> list[TopicChoice]:
    """The topics that consents can be imported for, by name."""
    query = select(Topic.id, Topic.key, Topic.name, Topic.double_opt_in).where(Topic.state == TopicState.OPEN)
    return [TopicChoice(*row) for row in db.session.execute(query.order_by(Topic.name, Topic.key))]


def list_wording_choices(session: Session) -> dict[uuid.UUID, WordingChoice]:
    """Every wording that people may have read; the newest version of each language first."""
    query = select(TopicWording.id, TopicWording.topic_id, TopicWording.language, TopicWording.version)
    rows = session.execute(query.order_by(TopicWording.topic_id, TopicWording.language, TopicWording.version.desc()))
    return {row.id: WordingChoice(*row) for row in rows}


def owners_of(session: Session, places: Collection[Place], *, hold: bool) -> dict[Place, Owner]:
    """
    Whose the addresses are, by channel and keyed hash.

    With hold, they and their clients stay so until the transaction ends; who was erased or merged while this waited is
    not answered any more.
    """
    by_channel: dict[str, list[bytes]] = {}
    for channel, index in places:
        by_channel.setdefault(channel, []).append(index)
    # Channel by channel, as the index of the table has them.
    wanted = or_(
        false(),
        *(
            (ContactPoint.channel == channel) & (ContactPoint.address_index == any_(cast(found, ARRAY(LargeBinary))))
            for channel, found in by_channel.items()
        ),
    )
    facts = (ContactPoint.channel, ContactPoint.address_index, ContactPoint.client_id, Client.state, ContactPoint.id)
    query = select(*facts).join(Client, Client.id == ContactPoint.client_id).where(wanted)
    # In the order in which everybody takes clients, so that nobody waits for each other.
    query = query.order_by(Client.id, ContactPoint.id)
    rows = session.execute(query.with_for_update(of=[Client, ContactPoint], key_share=True) if hold else query)
    return {(row[0], bytes(row[1] or b"")): Owner(*row[2:]) for row in rows}


def clients_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Client]:
    """These clients with their addresses."""
    query = select(Client).options(selectinload(Client.contact_points)).where(Client.id.in_(ids))
    return {client.id: client for client in session.scalars(query)}
