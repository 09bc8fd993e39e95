"""The company's topics, its clients, and what they agreed to or withdrew."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from portal.clients.models import Client
from portal.clients.queries import find_by_email
from portal.consent.models import Happening, Method, Topic, TopicWording
from portal.consent.operations import add_wording, make_topic, record_consent
from portal.consent.operations.append import Said, append
from portal.consent.operations.held import hold_ledger
from portal.consent.queries import find_topic_by_key, latest_wordings
from portal.db import db, utc_now
from portal.demo.operations.clients import add_demo_client
from portal.demo.operations.people import PEOPLE
from portal.demo.rules.clients import demo_clients
from portal.demo.rules.company import INVITATIONS, NEWS, TOPICS
from portal.staff.queries import find_member
from portal.web.actor import Actor

Wordings = Mapping[tuple[uuid.UUID, str], TopicWording]
PROOF = "Booking form, entry {}"
TIRED_OF_NEWS = (5, 15)
AFTER_NEWS, AFTER_INVITATION = timedelta(days=5), timedelta(days=13)


def load_topics(actor: Actor) -> dict[str, Topic]:
    """The topics by their keys; those that are missing are made with their wordings."""
    return {wanted.key: find_topic_by_key(wanted.key) or _make(wanted.key, actor) for wanted in TOPICS}


def load_clients(topics: Mapping[str, Topic], actor: Actor) -> int:
    """Adds those who are missing, with what they agreed to; says how many."""
    wordings = {(wording.topic_id, wording.language): wording for wording in latest_wordings()}
    owner = find_member(PEOPLE[2][0])
    made = 0
    for number, wanted in enumerate(demo_clients()):
        if find_by_email(wanted.email) is None:
            client = add_demo_client(number, wanted, owner.id if owner else None, actor)
            _agree(number, client, topics, wordings, actor)
            made += 1
    return made


def _make(key: str, actor: Actor) -> Topic:
    wanted = next(topic for topic in TOPICS if topic.key == key)
    topic = make_topic(
        wanted.name, wanted.topic_class, wanted.basis, actor, description=wanted.description, key=wanted.key
    )
    for language, text in wanted.wordings.items():
        add_wording(topic.id, language, text, actor)
    return topic


def _agree(number: int, client: Client, topics: Mapping[str, Topic], wordings: Wordings, actor: Actor) -> None:
    """Seven of ten get the news, of whom some withdrew; one of four is invited, half of them only once."""
    if number % 10 < 7:
        _grant(number, client, topics[NEWS], wordings, actor)
    if number % 10 == 6 or number in TIRED_OF_NEWS:
        _withdraw(client, topics[NEWS], Method.ONE_CLICK, AFTER_NEWS, actor)
    if number % 4 == 0:
        _grant(number, client, topics[INVITATIONS], wordings, actor)
    if number % 8 == 0:
        _withdraw(client, topics[INVITATIONS], Method.LINK, AFTER_INVITATION, actor)


def _withdraw(client: Client, topic: Topic, method: Method, ago: timedelta, actor: Actor) -> None:
    # Appended as it stands, because a real withdrawal is never dated back.
    said = Said(client.id, topic, "email", Happening.WITHDRAWN, method, utc_now() - ago)
    append(db.session(), {client.id: hold_ledger(db.session(), client.id)}, [said], actor)


def _grant(number: int, client: Client, topic: Topic, wordings: Wordings, actor: Actor) -> None:
    wording = wordings.get((topic.id, client.language), wordings[topic.id, "en"])
    point = client.contact_points[0]
    when = utc_now() - timedelta(days=20 + 3 * number)
    record_consent(
        client.id,
        topic.id,
        "email",
        wording.id,
        Method.FORM,
        PROOF.format(4100 + number),
        actor,
        occurred_at=when,
        contact_point_id=point.id,
    )
