"""Finds what belongs to the invented company, and what of it no real client has to do with."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.consent.models import ConsentEvent, Topic
from portal.demo.rules.company import TEMPLATES, TOPICS
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.messages.models import Message

TOPIC_KEYS = [topic.key for topic in TOPICS]
TEMPLATE_KEYS = [template.key for template in TEMPLATES]


@dataclass(frozen=True, slots=True)
class Text:
    """An approved text of the company."""

    template: MessageTemplate
    version: MessageTemplateVersion


def list_texts(session: Session) -> dict[str, Text]:
    """The company's approved texts by their keys."""
    approved = (MessageTemplateVersion.template_id == MessageTemplate.id) & (MessageTemplateVersion.state == "approved")
    query = select(MessageTemplate, MessageTemplateVersion).join(MessageTemplateVersion, approved)
    rows = session.execute(query.where(MessageTemplate.key.in_(TEMPLATE_KEYS)))
    return {template.key: Text(template, version) for template, version in rows}


def list_unused_templates(session: Session) -> Sequence[uuid.UUID]:
    """The company's texts of which no message is left."""
    used = select(MessageTemplateVersion.template_id).join(Message, Message.version_id == MessageTemplateVersion.id)
    ours = select(MessageTemplate.id).where(MessageTemplate.key.in_(TEMPLATE_KEYS))
    return session.scalars(ours.where(MessageTemplate.id.not_in(used)).order_by(MessageTemplate.id)).all()


def list_unused_topics(session: Session) -> Sequence[uuid.UUID]:
    """The company's topics that no text, message or consent refers to any more."""
    ours = select(Topic.id).where(Topic.key.in_(TOPIC_KEYS))
    referring = (MessageTemplate.topic_id, Message.topic_id, ConsentEvent.topic_id)
    for column in referring:
        ours = ours.where(~exists().where(column == Topic.id))
    return session.scalars(ours.order_by(Topic.id)).all()
