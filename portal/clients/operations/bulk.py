"""Clients by the thousand: sealed here and written by COPY. Whoever calls writes one audit entry for all of them."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from portal.clients.models import Client, ClientState, ZoneSource
from portal.clients.rules.points import ReadPoint
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

NAME, ATTRIBUTES, ADDRESS = "client.full_name", "client.attributes", "contact_point.address"
COPY_CLIENTS = """
    COPY client (id, full_name, language, time_zone, time_zone_source, country, state, source, department, attributes)
    FROM STDIN (FORMAT BINARY)
    """
COPY_POINTS = """
    COPY contact_point (id, client_id, channel, kind, address, address_index, state) FROM STDIN (FORMAT BINARY)
    """
CLIENT_TYPES = ("uuid", "bytea", "text", "text", "text", "text", "text", "text", "text", "bytea")
POINT_TYPES = ("uuid", "uuid", "text", "text", "bytea", "bytea", "text")


class AddressTaken(Exception):
    """Somebody else added one of these addresses at the same moment. Look anew, and write again."""


@dataclass(frozen=True, slots=True)
class BulkClient:
    """A new client as it is known before it is sealed."""

    id: uuid.UUID
    full_name: str
    language: str
    time_zone: str
    time_zone_source: ZoneSource
    country: str | None
    source: str
    department: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BulkPoint:
    """A new address of a client, with the keyed hash by which it was looked for."""

    id: uuid.UUID
    client_id: uuid.UUID
    point: ReadPoint
    address_index: bytes


def copy_clients(session: Session, clients: Sequence[BulkClient]) -> None:
    """Adds clients without their addresses, which have to follow in the same transaction."""
    seal = ring().seal
    rows = (
        (
            one.id,
            seal(Purpose.FIELD_PII, NAME, one.id, one.full_name.encode()),
            one.language,
            one.time_zone,
            str(one.time_zone_source),
            one.country,
            str(ClientState.ACTIVE),
            str(one.source),
            one.department,
            _sealed_attributes(one.id, one.attributes),
        )
        for one in clients
    )
    _copy(session, COPY_CLIENTS, CLIENT_TYPES, rows)


def copy_points(session: Session, points: Sequence[BulkPoint]) -> None:
    """Adds addresses. Raises AddressTaken where one has an owner by now; then the whole transaction is lost."""
    seal = ring().seal
    rows = (
        (
            one.id,
            one.client_id,
            str(one.point.channel),
            str(one.point.kind),
            seal(Purpose.FIELD_PII, ADDRESS, one.id, one.point.address.encode()),
            one.address_index,
            str(one.point.state),
        )
        for one in points
    )
    try:
        _copy(session, COPY_POINTS, POINT_TYPES, rows)
    except UniqueViolation:
        # Its own words hold the keyed hash.
        raise AddressTaken from None


def change_clients(session: Session, changes: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Changes fields of clients by their names: full_name and attributes in clear, sealed here."""
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for client_id, fields in changes.items():
        row = {f"new_{name}": _stored(client_id, name, value) for name, value in fields.items()}
        by_fields.setdefault(tuple(sorted(fields)), []).append({"changed": client_id, **row})
    table = Client.__table__
    for names, rows in by_fields.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(table).where(table.c.id == bindparam("changed")).values(values)  # type: ignore[arg-type]
        session.connection().execute(statement, rows)


def _stored(client_id: uuid.UUID, name: str, value: Any) -> Any:
    if name == "full_name":
        return ring().seal(Purpose.FIELD_PII, NAME, client_id, value.encode())
    return _sealed_attributes(client_id, value) if name == "attributes" else value


def _sealed_attributes(client_id: uuid.UUID, attributes: Mapping[str, str]) -> bytes | None:
    if not attributes:
        return None
    text = json.dumps(dict(attributes), ensure_ascii=False)
    return ring().seal(Purpose.FIELD_PII, ATTRIBUTES, client_id, text.encode())


def _copy(session: Session, statement: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    raw: Any = session.connection().connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
