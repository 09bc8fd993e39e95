"""Reads about the portal's own mails: the texts that are approved, how many went to one address, who waits for one."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from portal.clients.models import Channel, Client, ClientState, ContactPoint, PointState
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.db import db
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion, VersionState
from portal.messages.models import Message
from portal.preferences.models import LinkRequest


def approved_texts() -> Mapping[str, MessageTemplateVersion]:
    """The approved versions of the built-in texts, by the keys of their templates."""
    query = (
        select(MessageTemplate.key, MessageTemplateVersion)
        .join(MessageTemplateVersion, MessageTemplateVersion.template_id == MessageTemplate.id)
        .where(MessageTemplate.topic_id == SYSTEM_LINKS, MessageTemplateVersion.state == VersionState.APPROVED)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_answers(contact_point_id: uuid.UUID, since: datetime) -> int:
    """How many of our own mails were ordered to this address since then."""
    mails = select(func.count()).select_from(Message).where(Message.contact_point_id == contact_point_id)
    return db.session.execute(mails.where(Message.topic_id == SYSTEM_LINKS, Message.created_at >= since)).scalar_one()


def count_asked(network_hash: bytes, since: datetime) -> int:
    """How many links were asked for from one network since then."""
    asked = select(func.count()).select_from(LinkRequest).where(LinkRequest.network_hash == network_hash)
    return db.session.execute(asked.where(LinkRequest.asked_at >= since)).scalar_one()


def list_unanswered(limit: int) -> Sequence[LinkRequest]:
    """Who waits for a link, the oldest first; held until the commit, so that nobody else answers them too."""
    waiting = select(LinkRequest).where(LinkRequest.answered_at.is_(None))
    ordered = waiting.order_by(LinkRequest.asked_at, LinkRequest.id).limit(limit)
    return db.session.scalars(ordered.with_for_update(skip_locked=True)).all()


def points_by_index(indices: Sequence[bytes]) -> Mapping[bytes, ContactPoint]:
    """The email addresses of active clients that have one of these keyed hashes."""
    query = (
        select(ContactPoint)
        .join(Client, Client.id == ContactPoint.client_id)
        .where(ContactPoint.channel == Channel.EMAIL, ContactPoint.address_index.in_(indices))
        .where(ContactPoint.state == PointState.USABLE, Client.state == ClientState.ACTIVE)
    )
    return {point.address_index: point for point in db.session.scalars(query) if point.address_index}
