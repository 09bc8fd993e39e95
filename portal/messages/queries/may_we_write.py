"""Whether we may write to one client: what the gate says about each topic on each channel, as if asked by a message."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import ContactPoint
from portal.config.channels import Channel
from portal.consent.models import Topic, TopicState
from portal.messages.queries.choices import list_sendable, subject_for
from portal.messages.queries.standing import Standing, ask_gate


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """Whether a client may get messages of one topic on one channel now."""

    topic: Topic
    channel: Channel
    standing: Standing


def list_open_topics(session: Session) -> Sequence[Topic]:
    """The topics that anything can be written on, by name."""
    query = select(Topic).where(Topic.state == TopicState.OPEN)
    return session.scalars(query.order_by(Topic.name, Topic.key)).all()


def list_topic_standings(
    session: Session, client_id: uuid.UUID, topics: Sequence[Topic], channels: Sequence[Channel] = tuple(Channel)
) -> list[TopicStanding]:
    """The answers for these topics, in their order, on each channel; in as many statements for one as for all."""
    texts = {(each.topic.id, Channel.EMAIL): each.version for each in list_sendable(session)}
    points = usable_points(session, client_id)
    asked = [(topic, channel, uuid.uuid4()) for topic in topics for channel in channels]
    subjects = [
        subject_for(client_id, points.get(channel), topic.id, texts.get((topic.id, channel)), channel, key)
        for topic, channel, key in asked
    ]
    answers = ask_gate(session, subjects)
    return [TopicStanding(topic, channel, answers[key]) for topic, channel, key in asked]


def usable_points(session: Session, client_id: uuid.UUID) -> dict[Channel, ContactPoint]:
    """The address on each channel that a new message would go to: the oldest that works, else any."""
    query = select(ContactPoint).where(ContactPoint.client_id == client_id)
    rows = session.scalars(query.order_by(ContactPoint.state == "usable", ContactPoint.id.desc()))
    return {Channel(row.channel): row for row in rows}
