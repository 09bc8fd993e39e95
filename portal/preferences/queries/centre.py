"""The preference centre of one person: their addresses, how every topic stands on each channel, their wishes."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.clients.models import Client, ClientState, ContactPoint, PointKind, PointState
from portal.clients.queries import points_of, preference_of
from portal.clients.rules.wishes import Preference
from portal.config.channels import Channel, ChannelMode
from portal.config.current import current
from portal.consent.models import ConsentState, Standing, Topic, TopicClass, TopicState, TopicWording
from portal.consent.queries import consent_states, find_contact_point, latest_wordings, list_states, list_topics
from portal.consent.queries.suppression import suppression_entries
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.db import db, utc_now
from portal.preferences.rules.languages import FALLBACK
from portal.preferences.rules.switches import CAN_TURN_ON, Entry, Place, Switch, block_of, switch_of

CLASSES = (TopicClass.MARKETING, TopicClass.TRANSACTIONAL, TopicClass.SERVICE_LEGAL)


@dataclass(frozen=True, slots=True)
class Cell:
    """One topic on one channel: what is known, and what the page shows of it."""

    place: Place
    switch: Switch

    @property
    def channel(self) -> str:
        """The channel it stands for."""
        return self.place.channel


@dataclass(frozen=True, slots=True)
class Row:
    """One topic on every channel of the person, and the words one agrees to by turning it on."""

    topic: Topic
    wording: TopicWording | None
    cells: Sequence[Cell]

    @property
    def can_turn_on(self) -> bool:
        """Whether there is a switch here that could be turned on, so that the words have to be shown."""
        return any(cell.switch in CAN_TURN_ON for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Centre:
    """Everything the page shows. The point is the address whose link was opened."""

    client: Client
    point: ContactPoint
    points: Mapping[str, ContactPoint]
    rows: Sequence[Row]
    preference: Preference


def find_language(contact_point_id: uuid.UUID) -> str | None:
    """The language of whoever has this address."""
    point = find_contact_point(contact_point_id)
    client = db.session.get(Client, point.client_id) if point else None
    return client.language if client else None


def find_centre(contact_point_id: uuid.UUID, language: str) -> Centre | None:
    """The page of whoever has this address; None where it was taken away or the person is being erased."""
    point = find_contact_point(contact_point_id)
    client = db.session.get(Client, point.client_id) if point and point.state != PointState.ERASED else None
    if point is None or client is None or client.state not in {ClientState.ACTIVE, ClientState.RESTRICTED}:
        return None
    points = chosen_points(points_of(client.id), point)
    rows = _rows(client.id, points, language)
    preference = preference_of(db.session(), [client.id])[client.id]
    return Centre(client, point, points, rows, preference)


def chosen_points(points: Iterable[ContactPoint], opened: ContactPoint) -> dict[str, ContactPoint]:
    """One address for each channel: the one whose link was opened, else the newest that works, else the newest."""
    ordered = sorted(points, key=lambda one: (one.id == opened.id, one.state == PointState.USABLE, one.id.bytes))
    found = {one.channel: one for one in ordered}
    return {str(channel): found[channel] for channel in Channel if channel in found}


def _rows(client_id: uuid.UUID, points: Mapping[str, ContactPoint], language: str) -> list[Row]:
    states = {(state.topic_id, state.channel): state for state in list_states(client_id)}
    usable = {name: (name, one.address) for name, one in points.items() if one.address}
    entries = suppression_entries(db.session(), usable)
    wordings = _wordings(language)
    takes_codes = current().mode_of(Channel.SMS) is not ChannelMode.DISABLED
    topics = [one for one in list_topics() if one.state == TopicState.OPEN and one.id != SYSTEM_LINKS]
    # As the gate reads them: what was given for a time has ended, also before the ledger says so.
    standings = consent_states(db.session(), {(client_id, one.id, name) for one in topics for name in points})
    rows = []
    for topic in sorted(topics, key=lambda one: CLASSES.index(TopicClass(one.topic_class))):
        wording = wordings.get(topic.id)
        cells = [
            _cell(
                topic,
                point,
                standings[client_id, topic.id, name],
                _waiting(states.get((topic.id, name))),
                entries.get(name, frozenset()),
                (wording is not None, takes_codes),
            )
            for name, point in points.items()
        ]
        rows.append(Row(topic, wording, cells))
    return rows


def _cell(
    topic: Topic,
    point: ContactPoint,
    standing: Standing,
    pending_id: uuid.UUID | None,
    entries: frozenset[Entry],
    means: tuple[bool, bool],
) -> Cell:
    has_wording, takes_codes = means
    place = Place(
        topic_class=topic.topic_class,
        legal_basis=topic.legal_basis,
        double_opt_in=topic.double_opt_in,
        channel=point.channel,
        standing=standing,
        pending_id=pending_id,
        block=block_of(entries, topic.topic_class, is_usable=point.state == PointState.USABLE),
        has_wording=has_wording,
        takes_codes=takes_codes and point.channel == Channel.SMS and point.kind == PointKind.PHONE,
    )
    return Cell(place, switch_of(place))


def _waiting(state: ConsentState | None) -> uuid.UUID | None:
    if state is None or state.pending_until is None or state.pending_until <= utc_now():
        return None
    return state.pending_id


def _wordings(language: str) -> dict[uuid.UUID, TopicWording]:
    """The words of each topic in this language, else in English, else in whatever language there is."""
    found: dict[uuid.UUID, TopicWording] = {}
    for wording in sorted(latest_wordings(), key=lambda one: (one.language == language, one.language == FALLBACK)):
        found[wording.topic_id] = wording
    return found
