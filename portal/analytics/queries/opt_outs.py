"""How many people opted out, of what, on which day and how, and how much marketing was handed over meanwhile."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, lateral, select, true
from sqlalchemy.orm import Session

from portal.analytics.rules import Period
from portal.consent.models import ConsentEvent, Happening, Topic, TopicClass
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.messages.models import Message
from portal.messages.rules.tabs import first_id

# A message is ordered at most so long before it is handed over: the longest deadline, and a day.
LONGEST_WAIT = timedelta(days=15)
# How long a message is taken to be what an opt-out answers.
ANSWERS_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OptOut:
    """Withdrawals of one day on one channel, of one topic, said in one way."""

    day: date
    channel: str
    topic_id: uuid.UUID
    method: str
    number: int


def count_opt_outs(session: Session, period: Period) -> list[OptOut]:
    """Every withdrawal of the period, counted by day, channel, topic and way."""
    day = func.date(func.timezone(period.zone, ConsentEvent.occurred_at))
    parts = (day, ConsentEvent.channel, ConsentEvent.topic_id, ConsentEvent.method)
    query = select(*parts, func.count()).where(*_withdrawn(period)).group_by(*parts).order_by(*parts)
    return [OptOut(*row) for row in session.execute(query)]


def count_handed(session: Session, period: Period) -> dict[str, int]:
    """Marketing messages handed over in the period, by channel."""
    query = (
        select(Message.channel, func.count())
        .join(Topic, and_(Topic.id == Message.topic_id, Topic.topic_class == TopicClass.MARKETING))
        .where(Message.id >= first_id(period.since - LONGEST_WAIT), Message.handed_at >= period.since)
        .group_by(Message.channel)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_after_templates(session: Session, period: Period) -> list[tuple[str, int]]:
    """
    Withdrawals by the text of the last message before them, on their topic and channel and within two weeks.

    Those that no message went before have an empty name and stand last; the others by their number.
    """
    said = select(
        ConsentEvent.client_id, ConsentEvent.topic_id, ConsentEvent.channel, ConsentEvent.occurred_at.label("at")
    )
    out = said.where(*_withdrawn(period)).subquery()
    before = lateral(
        select(Message.version_id)
        .where(
            Message.client_id == out.c.client_id,
            Message.topic_id == out.c.topic_id,
            Message.channel == out.c.channel,
            Message.handed_at <= out.c.at,
            Message.handed_at > out.c.at - ANSWERS_WITHIN,
        )
        .order_by(Message.handed_at.desc(), Message.id.desc())
        .limit(1)
    )
    name = func.coalesce(MessageTemplate.name, "")
    query = (
        select(name, func.count())
        .select_from(out)
        .outerjoin(before, true())
        .outerjoin(MessageTemplateVersion, MessageTemplateVersion.id == before.c.version_id)
        .outerjoin(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
        .group_by(name)
        .order_by(name == "", func.count().desc(), name)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _withdrawn(period: Period) -> tuple[ColumnElement[bool], ...]:
    # Written at or after it was said, so the ids, which begin with their time, narrow the search along the key.
    return (
        ConsentEvent.event == Happening.WITHDRAWN,
        ConsentEvent.id >= first_id(period.since),
        ConsentEvent.occurred_at >= period.since,
    )
