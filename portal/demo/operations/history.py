"""The company's messages of the last days: never sent, but written as a past would have left them."""

import json
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from portal.audit.operations import record
from portal.clients.models import Client, PointState
from portal.clients.queries import list_demo_clients
from portal.config.channels import ChannelMode
from portal.config.current import current
from portal.consent.queries import consent_states
from portal.db import db, new_id, utc_now
from portal.demo.operations.caught import caught_copy
from portal.demo.queries import Text, list_texts
from portal.demo.rules.company import NEWSLETTER, VALUES
from portal.demo.rules.courses import UNREACHABLE, Course, courses, whom
from portal.messages.events import MessageAction
from portal.messages.models import Message, MessageAttempt
from portal.messages.queries import list_newest_of
from portal.messages.rules.tabs import first_id
from portal.web.actor import Actor

RETRY_IN = timedelta(minutes=8)
LIFETIME = timedelta(hours=24)
TAKEN = frozenset({"accepted", "delivered", "read", "bounced"})
WITHOUT_ADDRESS = 3  # so many clients have an address that proved dead
WORKER = "demo"


def load_messages(actor: Actor) -> int:
    """Writes the past once: while any client of the company has a message, nothing is done. Says how many."""
    session, clients = db.session(), list_demo_clients()
    texts = list_texts(session)
    if set(texts) != set(VALUES) or any(list_newest_of(session, client.id, 1) for client in clients):
        return 0
    for client in clients[-WITHOUT_ADDRESS:]:
        client.contact_points[0].state = PointState.UNUSABLE
    people = _people(clients, texts[NEWSLETTER].template.topic_id)
    now, is_live = utc_now(), current().mode_of("email") is ChannelMode.LIVE
    planned = courses(is_live=is_live)
    # The oldest first, as they would have come: lists follow the order of the ids.
    for age, course in sorted(planned, key=lambda one: one[0], reverse=True):
        _write(next(people[whom(course)]), texts[course.template], course, now - age, actor)
    session.flush()
    return len(planned)


def _people(clients: Sequence[Client], news: uuid.UUID) -> Mapping[str, Iterator[Client]]:
    """Clients by where they stand on the news, each group in turn without end."""
    reachable = clients[:-WITHOUT_ADDRESS]
    states = consent_states(db.session(), {(client.id, news, "email") for client in reachable})
    groups: dict[str, list[Client]] = {"": list(reachable), UNREACHABLE: list(clients[-WITHOUT_ADDRESS:])}
    for client in reachable:
        groups.setdefault(states[client.id, news, "email"], []).append(client)
    return {name: cycle(group) for name, group in groups.items()}


def _write(client: Client, text: Text, course: Course, ordered_at: datetime, actor: Actor) -> None:
    message = _message(client, text, course, ordered_at)
    db.session.add(message)
    db.session.flush()
    db.session.add_all(_attempts(message.id, course, ordered_at))
    if course.caught:
        db.session.add(caught_copy(message, client, text, ordered_at))
    record(
        MessageAction.QUEUE,
        actor,
        object_type="message",
        object_id=message.id,
        subject_ref=client.id,
        reason="invented past of the demo",
    )


def _message(client: Client, text: Text, course: Course, ordered_at: datetime) -> Message:
    last = ordered_at + course.offset(len(course.attempts) - 1)
    message = Message(
        id=uuid.UUID(int=first_id(ordered_at).int | secrets.randbits(62)),
        client_id=client.id,
        contact_point_id=client.contact_points[0].id,
        topic_id=text.template.topic_id,
        version_id=text.version.id,
        text_hash=text.version.content_hash,
        channel="email",
        class_rank=int(course.template == NEWSLETTER),
        state=course.state,
        reason=course.reason,
        due_at=utc_now() + RETRY_IN if course.state == "queued" else ordered_at,
        expires_at=ordered_at + LIFETIME,
        attempts=len(course.attempts),
        verdict=course.verdict,
        verdict_at=last if course.verdict else None,
        handed_at=last if course.attempts else None,
        accepted_at=last if course.state in TAKEN else None,
        failure_text=course.failure_text,
        simulated=course.caught,
        idempotency_key=str(new_id()),
        created_at=ordered_at,
        updated_at=last,
    )
    message.fields = json.dumps(VALUES[course.template], sort_keys=True)
    return message


def _attempts(message_id: uuid.UUID, course: Course, ordered_at: datetime) -> list[MessageAttempt]:
    return [
        MessageAttempt(
            message_id=message_id,
            number=number + 1,
            started_at=ordered_at + course.offset(number) - timedelta(seconds=1),
            ended_at=ordered_at + course.offset(number),
            outcome=outcome,
            code=code,
            text=words,
            worker=WORKER,
        )
        for number, (outcome, code, words) in enumerate(course.attempts)
    ]
