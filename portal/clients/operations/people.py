"""Adding a client. One address is one client, however many add it at once."""

import json
import uuid
from collections.abc import Sequence

from portal.audit.operations import Outcome, diff, record
from portal.clients.events import ClientEvent
from portal.clients.models import Channel, Client, ClientState, PointKind, PointState, Source, ZoneSource
from portal.clients.operations.points import point_of, require_free
from portal.clients.rules import (
    NewPoint,
    ReadPoint,
    clean_name,
    derived_zone,
    read_point,
    read_point_or_raw,
)
from portal.clients.rules.attributes import with_lines
from portal.clients.rules.facts import Details
from portal.db import db, new_id
from portal.web.actor import Actor


def add_client(  # noqa: PLR0913 - what is known of a person; each part is named at the call
    full_name: str,
    email: str,
    language: str,
    time_zone: str,
    actor: Actor,
    *,
    country: str | None = None,
    source: Source = Source.STAFF,
    points: Sequence[NewPoint] = (),
    details: Details | None = None,
    keep_raw: bool = False,
) -> Client:
    """
    A new active client with at least one address, found again by each of them at once.

    An empty email is none; an empty time zone is worked out. With keep_raw, a number whose country nobody knows is kept
    as it came. Raises NotAName, NotMailable, NotAPhone, or ClientExists when somebody has one of the addresses, also
    when both come at the same moment.
    """
    name = clean_name(full_name)
    read = _read_all(email, points, country, keep_raw=keep_raw)
    require_free(read)
    client = _client(name, language, country, source, details or Details())
    _place(client, time_zone, country, read)
    client.contact_points = [point_of(one) for one in read]
    db.session.add(client)
    db.session.flush()
    record(
        ClientEvent.ADDED,
        actor,
        object_type="client",
        object_id=client.id,
        subject_ref=client.id,
        changes=diff(client, {}),
    )
    return client


def note_duplicate(client_id: uuid.UUID, actor: Actor) -> None:
    """Notes that somebody was told whose address they had typed: that too is a look at personal data."""
    record(
        ClientEvent.DUPLICATE_REFUSED,
        actor,
        object_type="client",
        object_id=client_id,
        subject_ref=client_id,
        outcome=Outcome.REFUSED,
    )


def _read_all(email: str, points: Sequence[NewPoint], country: str | None, *, keep_raw: bool) -> list[ReadPoint]:
    typed = [NewPoint(Channel.EMAIL, email), *points] if email or not points else points
    read = read_point_or_raw if keep_raw else read_point
    found = (read(NewPoint(one.channel, one.text, one.region or country)) for one in typed)
    return list(dict.fromkeys(found))


def _client(name: str, language: str, country: str | None, source: Source, details: Details) -> Client:
    client = Client(
        id=new_id(),
        state=ClientState.ACTIVE,
        language=language,
        country=country or None,
        source=source,
        owner_id=details.owner_id,
        department=details.department,
    )
    client.full_name = name
    known = with_lines({}, details.attributes)
    client.attributes_json = json.dumps(known, ensure_ascii=False) if known else None
    return client


def _place(client: Client, time_zone: str, country: str | None, read: Sequence[ReadPoint]) -> None:
    phones = [one.address for one in read if one.kind == PointKind.PHONE and one.state != PointState.RAW]
    derived = (time_zone, ZoneSource.DECLARED) if time_zone else derived_zone(country, phones)
    client.time_zone, client.time_zone_source = derived
