"""What only marketing is asked for: where the client can be, whose hours hold there, and how much is enough."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import Client, Frequency, ZoneSource
from portal.clients.queries import preference_of
from portal.clients.rules import UNKNOWN_ZONE
from portal.clients.rules.wishes import Preference
from portal.consent.queries.gate import TopicFacts
from portal.gate.rules import Cap, Clock, Hours, Reason
from portal.gate.rules.laws import clock_of, legal_caps
from portal.gate.rules.zones import Home, place_of
from portal.settings.queries import value
from portal.settings.rules import organisation, sending

AT_MOST_ONE_IN = {Frequency.WEEKLY: 7, Frequency.MONTHLY: 30}


@dataclass(frozen=True, slots=True)
class House:
    """The organisation's own hours, cap and zone."""

    hours: tuple[Hours, ...]
    caps: tuple[Cap, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Person:
    """What the gate reads of a client; a name that cannot be read is empty, so that no text is filled in with it."""

    state: str
    name: str
    home: Home
    hours: tuple[Hours, ...] = ()
    caps: tuple[Cap, ...] = ()


def house() -> House:
    """The organisation's rules as the settings have them now."""
    open_hours = Hours(value(sending.QUIET_UNTIL), value(sending.QUIET_FROM))
    limit, length = value(sending.CAP_MESSAGES), timedelta(days=value(sending.CAP_DAYS))
    return House(
        hours=(open_hours,) if value(sending.QUIET_HOURS) else (),
        caps=(Cap(Reason.TOTAL_CAP, limit, length),) if limit else (),
        zone=value(organisation.TIME_ZONE),
    )


def people(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """These clients; one that is not there is missing."""
    # The state is asked for as a column, so that it is the committed one also where the session knows the client.
    query = select(Client, Client.state).where(Client.id.in_(client_ids))
    wishes = preference_of(session, client_ids)
    return {
        row.id: Person(state, row.full_name or "", _home(row), _hours(wishes[row.id]), _caps(wishes[row.id]))
        for row, state in session.execute(query)
    }


def marketing_rules(
    house_: House, person: Person, topic: TopicFacts, topic_id: uuid.UUID, channel: str, address: str
) -> tuple[Clock, tuple[Cap, ...]]:
    """The hours and the caps that hold for one marketing message; nothing was counted yet."""
    place = place_of(person.home, channel, address, house_.zone)
    clock = clock_of(place, channel, house_.hours, person.hours)
    return clock, (*_topic_caps(topic, topic_id), *house_.caps, *person.caps, *legal_caps(place, channel))


def _topic_caps(topic: TopicFacts, topic_id: uuid.UUID) -> tuple[Cap, ...]:
    if topic.cap_messages is None or topic.cap_days is None:
        return ()
    return (Cap(Reason.TOPIC_CAP, topic.cap_messages, timedelta(days=topic.cap_days), topic_id=topic_id),)


def _home(row: Client) -> Home:
    is_declared = row.time_zone_source == ZoneSource.DECLARED and row.time_zone != UNKNOWN_ZONE
    return Home(row.time_zone, is_declared, row.country or "")


def _hours(wish: Preference) -> tuple[Hours, ...]:
    if wish.contact_from is None or wish.contact_until is None:
        return ()
    return (Hours(wish.contact_from, wish.contact_until, Reason.CONTACT_HOURS),)


def _caps(wish: Preference) -> tuple[Cap, ...]:
    days = AT_MOST_ONE_IN.get(wish.frequency)
    return (Cap(Reason.CLIENT_CAP, 1, timedelta(days=days)),) if days else ()
