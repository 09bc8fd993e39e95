"""Every reading of message templates: for the gate and the pump on the caller's session, and for the pages."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.consent.models import Topic, TopicClass, TopicState
from portal.consent.rules.topics import SYSTEM_LINKS, answers_person
from portal.message_templates.models import MessageTemplate, TemplateState, VersionState
from portal.message_templates.models import MessageTemplateVersion as Row
from portal.message_templates.rules import Compiled, Layout, answering_layout, compile_email, content_hash, layout_for

VERSIONS_IN_MEMORY = 200
PAGE = 50


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What the gate asks of a version. The hash is that of the text as it stands now, not the stored one."""

    approved: bool
    text_hash: str


def version_facts(session: Session, version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, VersionFacts]:
    """The facts of each version that exists; a text changed behind the portal's back has another hash."""
    columns = (Row.id, Row.state, Row.subject, Row.body)  # never a row the session holds from an earlier claim
    found = session.execute(select(*columns).where(Row.id.in_(set(version_ids))))
    return {
        version_id: VersionFacts(state == VersionState.APPROVED, content_hash(subject, body))
        for version_id, state, subject, body in found
    }


def compiled_version(session: Session, version_id: uuid.UUID) -> Compiled:
    """A version ready to be filled in, compiled once in each process for the same text and topic."""
    subject, body, language, topic = session.execute(
        select(Row.subject, Row.body, MessageTemplate.language, Topic)
        .join(MessageTemplate, MessageTemplate.id == Row.template_id)
        .join(Topic, Topic.id == MessageTemplate.topic_id)
        .where(Row.id == version_id)
    ).one()
    return compiled(subject, body, layout_of(topic, language))


def layout_of(topic: Topic, language: str) -> Layout:
    """What stands around the messages of a topic, in the language of the template."""
    if answers_person(topic.id):
        return answering_layout(language)
    return layout_for(topic.name, marketing=topic.topic_class == TopicClass.MARKETING, language=language)


@lru_cache(maxsize=VERSIONS_IN_MEMORY)
def compiled(subject: str, body: str, layout: Layout) -> Compiled:
    """Compiles once for the same text; raises CompileFailed each time it is asked for a faulty one."""
    return compile_email(subject, body, layout)


def draft_of(session: Session, template_id: uuid.UUID) -> Row | None:
    """The draft of a template as it is committed now, None when there is none."""
    return _version_in(session, template_id, VersionState.DRAFT)


def live_of(session: Session, template_id: uuid.UUID) -> Row | None:
    """The approved version of a template, None when nothing was approved yet."""
    return _version_in(session, template_id, VersionState.APPROVED)


def _version_in(session: Session, template_id: uuid.UUID, state: VersionState) -> Row | None:
    query = select(Row).where(Row.template_id == template_id, Row.state == state)
    return session.scalar(query.execution_options(populate_existing=True))


def find_by_key(session: Session, key: str) -> MessageTemplate | None:
    """The template of a key."""
    return session.scalar(select(MessageTemplate).where(MessageTemplate.key == key))


def get_topic(session: Session, topic_id: uuid.UUID) -> Topic:
    """The topic a template is written for."""
    return session.get_one(Topic, topic_id)


def list_topics(session: Session) -> list[Topic]:
    """The topics staff may write for, by name; the portal's own answers are written by the portal alone."""
    open_ones = select(Topic).where(Topic.state == TopicState.OPEN, Topic.id != SYSTEM_LINKS)
    return list(session.scalars(open_ones.order_by(Topic.name, Topic.id)))


def list_versions(session: Session, template_id: uuid.UUID) -> list[Row]:
    """All versions of a template, the newest first."""
    return list(session.scalars(select(Row).where(Row.template_id == template_id).order_by(Row.number.desc())))


def find_version(session: Session, template_id: uuid.UUID, number: int) -> Row | None:
    """One version of a template."""
    return session.scalar(select(Row).where(Row.template_id == template_id, Row.number == number))


class Tab(StrEnum):
    """The parts of the list."""

    ALL = "all"
    DRAFTS = "drafts"
    APPROVED = "approved"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed to, and after which template it goes on."""

    tab: Tab = Tab.ALL
    name: str = ""
    topic_class: str = ""
    after: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: a template, its topic, its draft and its approved version."""

    template: MessageTemplate
    topic: Topic
    draft: Row | None
    live: Row | None

    @property
    def newest(self) -> Row:
        """The version that was changed last; every template has a draft or an approved one."""
        version = self.draft or self.live
        assert version is not None  # noqa: S101 - a template is made with a draft, which only approval ends
        return version


def list_templates(session: Session, narrowed: Narrowed, limit: int = PAGE) -> list[Listed]:
    """The templates in the order of their names; ask for one more than a page to know whether there is a next one."""
    draft, live = aliased(Row), aliased(Row)
    query = (
        select(MessageTemplate, Topic, draft, live)
        .join(Topic, Topic.id == MessageTemplate.topic_id)
        .outerjoin(draft, and_(draft.template_id == MessageTemplate.id, draft.state == VersionState.DRAFT))
        .outerjoin(live, and_(live.template_id == MessageTemplate.id, live.state == VersionState.APPROVED))
        .where(*_conditions(narrowed))
        .order_by(func.lower(MessageTemplate.name), MessageTemplate.id)
    )
    if narrowed.after and (last := session.get(MessageTemplate, narrowed.after)):
        place = tuple_(func.lower(MessageTemplate.name), MessageTemplate.id)
        query = query.where(place > tuple_(func.lower(last.name), last.id))
    return [Listed(*row) for row in session.execute(query.limit(limit))]


def count_tabs(session: Session) -> dict[Tab, int]:
    """How many templates stand under each tab."""
    count = select(func.count()).select_from(MessageTemplate)
    return {tab: session.execute(count.where(*_conditions(Narrowed(tab)))).scalar_one() for tab in Tab}


def _conditions(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    archived = narrowed.tab is Tab.ARCHIVED
    conditions = [MessageTemplate.state == (TemplateState.ARCHIVED if archived else TemplateState.ACTIVE)]
    wanted = {Tab.DRAFTS: VersionState.DRAFT, Tab.APPROVED: VersionState.APPROVED}.get(narrowed.tab)
    if wanted:
        conditions.append(MessageTemplate.id.in_(select(Row.template_id).where(Row.state == wanted)))
    if narrowed.name:
        conditions.append(MessageTemplate.name.icontains(narrowed.name, autoescape=True))
    if narrowed.topic_class:
        topics = select(Topic.id).where(Topic.topic_class == narrowed.topic_class)
        conditions.append(MessageTemplate.topic_id.in_(topics))
    return conditions
