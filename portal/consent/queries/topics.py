"""Topics, the wordings that ask for them, and how many clients agreed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.consent.models import ConsentState, Standing, Topic, TopicWording
from portal.db import db


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic, and how many clients agreed to it and withdrew from it on any channel."""

    topic: Topic
    granted: int
    withdrawn: int


def find_topic(topic_id: uuid.UUID) -> Topic | None:
    """One topic."""
    return db.session.get(Topic, topic_id)


def find_topic_by_key(key: str) -> Topic | None:
    """The topic of this short name."""
    return db.session.scalar(select(Topic).where(Topic.key == key))


def list_topics() -> Sequence[Topic]:
    """All topics by name."""
    return db.session.scalars(select(Topic).order_by(Topic.name, Topic.key)).all()


def list_topic_counts() -> Sequence[TopicCount]:
    """All topics by name with their figures."""
    clients = func.count(func.distinct(ConsentState.client_id))
    query = select(ConsentState.topic_id, ConsentState.state, clients).group_by(
        ConsentState.topic_id, ConsentState.state
    )
    counted = {(topic_id, state): number for topic_id, state, number in db.session.execute(query)}
    return [
        TopicCount(topic, counted.get((topic.id, Standing.GRANTED), 0), counted.get((topic.id, Standing.WITHDRAWN), 0))
        for topic in list_topics()
    ]


def find_wording(wording_id: uuid.UUID) -> TopicWording | None:
    """One wording."""
    return db.session.get(TopicWording, wording_id)


def list_wordings(topic_id: uuid.UUID) -> Sequence[TopicWording]:
    """Every wording of a topic, by language, the newest version first."""
    query = select(TopicWording).where(TopicWording.topic_id == topic_id)
    return db.session.scalars(query.order_by(TopicWording.language, TopicWording.version.desc())).all()


def latest_wordings() -> Sequence[TopicWording]:
    """The newest version of each topic's wording in each language."""
    query = select(TopicWording).ext(distinct_on(TopicWording.topic_id, TopicWording.language))
    order = TopicWording.topic_id, TopicWording.language, TopicWording.version.desc()
    return db.session.scalars(query.order_by(*order)).all()
