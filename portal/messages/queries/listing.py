"""The list of messages: narrowed, counted and paged by id, whose order is that of time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.clients.models import Client, ContactPoint
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.messages.models import Message, MessageState
from portal.messages.rules import IN_FLIGHT
from portal.messages.rules.tabs import TAB_STATES, Tab, count_tabs, first_id

COUNT_LIMIT = 10_000  # counting more would cost more than anybody learns from it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    tab: Tab = Tab.ALL
    channel: str = ""
    template_id: uuid.UUID | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    message: Message
    client_number: int
    point: ContactPoint
    template: str


def list_messages(
    session: Session, wanted: Wanted, *, below: uuid.UUID | None = None, above: uuid.UUID | None = None, limit: int
) -> list[Listed]:
    """Messages, the newest first, below or above an id."""
    query = _lines().where(*_common(wanted), *_of_tab(wanted.tab)).limit(limit)
    if above is not None:
        rows = session.execute(query.where(Message.id > above).order_by(Message.id))
        return [Listed(*row) for row in rows][::-1]
    if below is not None:
        query = query.where(Message.id < below)
    return [Listed(*row) for row in session.execute(query.order_by(Message.id.desc()))]


def list_newest_of(session: Session, client_id: uuid.UUID, limit: int) -> Sequence[tuple[Message, str]]:
    """The client's newest messages, each with the name of its template."""
    query = (
        select(Message, MessageTemplate.name)
        .join(MessageTemplateVersion, MessageTemplateVersion.id == Message.version_id)
        .join(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
        .where(Message.client_id == client_id)
    )
    return session.execute(query.order_by(Message.id.desc()).limit(limit)).all()


def count_messages(session: Session, wanted: Wanted) -> dict[Tab, int]:
    """How many stand under each tab, of the newest COUNT_LIMIT; one more than that says that there are more."""
    tried = (Message.attempts > 0).label("tried")
    newest = select(Message.state, tried).where(*_common(wanted)).order_by(Message.id.desc())
    found = newest.limit(COUNT_LIMIT + 1).subquery()
    grouped = select(found.c.state, found.c.tried, func.count()).group_by(found.c.state, found.c.tried)
    return count_tabs(session.execute(grouped))


def list_used_templates(session: Session) -> list[tuple[uuid.UUID, str]]:
    """The templates the list can be narrowed to, by name."""
    query = select(MessageTemplate.id, MessageTemplate.name).order_by(
        func.lower(MessageTemplate.name), MessageTemplate.id
    )
    return list(session.execute(query))


def _lines() -> Select[Message, int, ContactPoint, str]:
    return (
        select(Message, Client.number, ContactPoint, MessageTemplate.name)
        .join(Client, Client.id == Message.client_id)
        .join(ContactPoint, ContactPoint.id == Message.contact_point_id)
        .join(MessageTemplateVersion, MessageTemplateVersion.id == Message.version_id)
        .join(MessageTemplate, MessageTemplate.id == MessageTemplateVersion.template_id)
    )


def _common(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(Message.id >= first_id(wanted.since))
    if wanted.channel:
        conditions.append(Message.channel == wanted.channel)
    if wanted.template_id is not None:
        versions = select(MessageTemplateVersion.id).where(MessageTemplateVersion.template_id == wanted.template_id)
        conditions.append(Message.version_id.in_(versions))
    return conditions


def _of_tab(tab: Tab) -> list[ColumnElement[bool]]:
    queued = Message.state == MessageState.QUEUED
    if tab is Tab.ALL:
        return []
    if tab is Tab.WAITING:
        return [queued, Message.attempts > 0]
    if tab is Tab.MOVING:
        return [or_(Message.state.in_(IN_FLIGHT), and_(queued, Message.attempts == 0))]
    return [Message.state.in_(TAB_STATES[tab])]
