"""Reading the audit log: lists, counts, the raw chain, and how its last verification went."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from portal.audit.events import VerificationState
from portal.audit.models import AuditEntry, AuditVerification
from portal.audit.rules.chain import Position
from portal.db import db

COUNT_LIMIT = 10_000
BEFORE_THE_FIRST = -(2**63)
# Written by the server, so that even a moment no Python datetime can hold is compared and not tripped over.
WRITTEN_AT = func.to_char(func.timezone("UTC", AuditEntry.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"').label("at")
CHAIN = [WRITTEN_AT, *(c for c in AuditEntry.__table__.columns if c.name != "at")]

# Jumps from value to value along the indexes instead of reading every entry.
NEWEST = (AuditVerification.created_at.desc(), AuditVerification.id.desc())
CHOICES = text("""
    WITH RECURSIVE actors AS (
        (SELECT actor_id, actor_label FROM audit_entry WHERE actor_id IS NOT NULL
         ORDER BY actor_id, seq DESC LIMIT 1)
        UNION ALL
        SELECT next.* FROM actors, LATERAL (
            SELECT e.actor_id, e.actor_label FROM audit_entry e WHERE e.actor_id > actors.actor_id
            ORDER BY e.actor_id, e.seq DESC LIMIT 1) next
    ), actions AS (
        (SELECT action FROM audit_entry ORDER BY action LIMIT 1)
        UNION ALL
        SELECT (SELECT min(e.action) FROM audit_entry e WHERE e.action > actions.action)
        FROM actions WHERE actions.action IS NOT NULL
    )
    SELECT 'actor' AS kind, actor_id::text AS value, actor_label AS label FROM actors
    UNION ALL SELECT 'action', action, action FROM actions WHERE action IS NOT NULL
    ORDER BY kind, label, value
""")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries a page or an export shows; empty parts let everything through."""

    actor_id: uuid.UUID | None = None
    actor_kind: str = ""
    action: str = ""
    thing: str = ""
    since: datetime | None = None
    actions: tuple[str, ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.actor_id:
            found.append(AuditEntry.actor_id == self.actor_id)
        if self.actor_kind:
            found.append(AuditEntry.actor_kind == self.actor_kind)
        if self.action:
            found.append(AuditEntry.action == self.action)
        if self.actions:
            found.append(AuditEntry.action.in_(self.actions))
        if self.thing:
            found.append(or_(AuditEntry.object_id == self.thing, AuditEntry.subject_refs.contains([self.thing])))
        if self.since:
            found.append(AuditEntry.at >= self.since)
        return found


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the page offer: actors by id and name, and actions."""

    actors: list[tuple[str, str]]
    actions: list[str]


def list_entries(
    session: Session, wanted: Filter, *, below: int | None = None, above: int | None = None, limit: int
) -> list[AuditEntry]:
    """Entries of the filter, newest first, below or above a number; the page before is found by reading upwards."""
    query = select(AuditEntry).where(*wanted.conditions()).limit(limit)
    if above is not None:
        return list(session.scalars(query.where(AuditEntry.seq > above).order_by(AuditEntry.seq)))[::-1]
    if below is not None:
        query = query.where(AuditEntry.seq < below)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc())))


def count_entries(session: Session, wanted: Filter) -> tuple[int, int]:
    """How many entries fit the filter (counted to COUNT_LIMIT + 1) and how many there are."""
    fitting = select(AuditEntry.seq).where(*wanted.conditions()).limit(COUNT_LIMIT + 1).subquery()
    row = session.execute(
        select(
            select(func.count()).select_from(fitting).scalar_subquery(),
            select(func.coalesce(func.max(AuditEntry.seq), 0)).scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


def list_choices(session: Session) -> Choices:
    """Every actor with an id, and every action, that the log has seen."""
    rows = session.execute(CHOICES).all()
    return Choices(
        [(row.value, row.label) for row in rows if row.kind == "actor"],
        [row.value for row in rows if row.kind == "action"],
    )


def recent_actions_of(actor_id: uuid.UUID, limit: int, session: Session | None = None) -> list[AuditEntry]:
    """The last entries of one actor, newest first, for the home page."""
    target = session if session is not None else db.session()
    return list_entries(target, Filter(actor_id=actor_id), limit=limit)


def chain_rows(session: Session, after: int, limit: int, until: int | None = None) -> list[dict[str, Any]]:
    """Entries exactly as stored, in order, for checking and export; from the very first one when after is 0."""
    start = AuditEntry.seq > (after or BEFORE_THE_FIRST)
    end = AuditEntry.seq <= until if until is not None else text("true")
    query = select(*CHAIN).where(start, end).order_by(AuditEntry.__table__.c.seq).limit(limit)
    return [dict(row) for row in session.execute(query).mappings()]


def head(session: Session) -> Position:
    """The last entry of the chain."""
    query = select(AuditEntry.seq, AuditEntry.mac).order_by(AuditEntry.seq.desc()).limit(1)
    row: Any = session.execute(query).one_or_none()
    return Position(row.seq, bytes(row.mac)) if row else Position()


def open_verification(session: Session) -> AuditVerification | None:
    """The verification that is waiting or running, if there is one."""
    states = (VerificationState.QUEUED, VerificationState.RUNNING)
    return session.scalar(select(AuditVerification).where(AuditVerification.state.in_(states)))


def latest_verification(session: Session | None = None) -> AuditVerification | None:
    """The newest verification that has ended: what health and home say about the chain."""
    ended = AuditVerification.finished_at.is_not(None)
    target = session if session is not None else db.session()
    return target.scalar(select(AuditVerification).where(ended).order_by(*NEWEST).limit(1))


def shown_verification(session: Session) -> AuditVerification | None:
    """The open verification, else the last one: what the page says above the log."""
    return session.scalar(select(AuditVerification).order_by(*NEWEST).limit(1))


def known_anchor(session: Session) -> int:
    """The newest anchor that any verification has read, so that a shortened anchors file is noticed."""
    return session.scalar(select(func.coalesce(func.max(AuditVerification.anchored_seq), 0))) or 0
