"""The two statements that put events and what they say now into the database, however many there are."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary, SmallInteger, Text, Uuid, text
from sqlalchemy.orm import Session

from portal.consent.models import ConsentEvent, ConsentState
from portal.consent.rules.entry import Entry
from portal.consent.rules.standing import Now, Place

NAMES = {
    Uuid: "uuid",
    Text: "text",
    Integer: "int4",
    SmallInteger: "int2",
    BigInteger: "int8",
    LargeBinary: "bytea",
    DateTime: "timestamptz",
}
COLUMNS = [field.name for field in fields(Entry)]
TYPES = [NAMES[type(ConsentEvent.__table__.c[name].type)] for name in COLUMNS]
COPY = f"COPY consent_event ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"

PLACE = ("client_id", "topic_id", "channel")
STANDS = tuple(field.name for field in fields(Now))
ARRAYS = ", ".join(
    f"CAST(:{name} AS {NAMES[type(ConsentState.__table__.c[name].type)]}[])" for name in (*PLACE, *STANDS)
)
MOVE = text(
    f"INSERT INTO consent_state ({', '.join((*PLACE, *STANDS))}) SELECT * FROM unnest({ARRAYS}) "  # noqa: S608 - our own names
    f"ON CONFLICT ({', '.join(PLACE)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in STANDS)}"
)


def copy_entries(session: Session, entries: Sequence[Entry]) -> None:
    """Adds the events, sealed by the caller, who holds their ledgers and records the act."""
    raw: Any = session.connection().connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        for entry in entries:
            copy.write_row([getattr(entry, name) for name in COLUMNS])


def move(session: Session, moved: Mapping[tuple[uuid.UUID, Place], Now]) -> None:
    """Writes where the clients stand now, in the transaction of the events that say so."""
    rows: dict[str, list[Any]] = {name: [] for name in (*PLACE, *STANDS)}
    for (client_id, place), now in moved.items():
        for name, value in zip(PLACE, (client_id, *place), strict=True):
            rows[name].append(value)
        for name in STANDS:
            rows[name].append(getattr(now, name))
    rows["state"] = [str(state) for state in rows["state"]]
    session.connection().execute(MOVE, rows)
