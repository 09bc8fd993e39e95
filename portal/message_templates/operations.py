"""Every change of a message template: making it, writing its draft, approving it, starting the next version."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.audit.operations import Change, record
from portal.consent.rules.topics import answers_person
from portal.db import DataClass, db, new_id, utc_now
from portal.message_templates.events import TemplateEvent
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion, Urgency, VersionState
from portal.message_templates.queries import draft_of, find_by_key, get_topic, layout_of, live_of
from portal.message_templates.rules import TemplateError, compile_email, content_hash
from portal.web.actor import Actor, ActorKind

# A draft saves itself while somebody types; one row in the log for each sitting is what can be read later.
SITTING = timedelta(minutes=10)


class KeyTaken(TemplateError):
    """Another template has this key."""


class NoDraft(TemplateError):
    """There is nothing to edit or approve: the template has no draft."""


class BuiltIn(NoDraft):
    """The portal's own answers are written by the portal alone: what they are let through for holds no advertising."""


class EditedMeanwhile(TemplateError):
    """Somebody else saved the draft since this person saw it."""

    def __init__(self, theirs: MessageTemplateVersion) -> None:
        self.theirs = theirs
        super().__init__(f"{theirs.edited_by} saved this draft since you opened it.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version says."""

    subject: str
    body: str


def create_template(  # noqa: PLR0913 - what makes a template; the last two are named at the call
    name: str,
    key: str,
    topic_id: uuid.UUID,
    wording: Wording,
    actor: Actor,
    urgency: Urgency = Urgency.NORMAL,
    *,
    language: str = "en",
) -> MessageTemplate:
    """A new template with its first draft. Raises KeyTaken when the key names another one."""
    session = db.session()
    _require_allowed(topic_id, actor)
    taken = find_by_key(session, key)
    if taken is not None:
        raise KeyTaken(f"The key {key} belongs to the template “{taken.name}”. Choose another one.")
    template = MessageTemplate(
        id=new_id(), key=key, name=name, topic_id=topic_id, urgency=urgency, created_by=actor.label, language=language
    )
    session.add(template)
    session.flush()
    _add_draft(session, template.id, 1, wording, actor)
    record(TemplateEvent.CREATE, actor, object_type="message_template", object_id=template.id)
    return template


def start_draft(template_id: uuid.UUID, actor: Actor) -> MessageTemplateVersion:
    """The draft of the next version, beginning with the approved wording; the present draft if there is one."""
    session = db.session()
    _hold(session, template_id, actor)
    draft, live = draft_of(session, template_id), live_of(session, template_id)
    if draft is not None or live is None:
        return _needed(draft)
    highest = select(func.max(MessageTemplateVersion.number)).where(MessageTemplateVersion.template_id == template_id)
    number = session.execute(highest).scalar_one() + 1
    started = _add_draft(session, template_id, number, Wording(live.subject, live.body), actor)
    _note(TemplateEvent.START_DRAFT, started, actor)
    return started


def save_draft(template_id: uuid.UUID, wording: Wording, seen: int, actor: Actor) -> MessageTemplateVersion:
    """Keeps the wording, right or wrong. Raises EditedMeanwhile when somebody else saved after revision `seen`."""
    session = db.session()
    _hold(session, template_id, actor)
    draft = _needed(draft_of(session, template_id))
    if wording == Wording(draft.subject, draft.body):
        return draft
    # A person's own save may have crossed with this one on its way; only another's is a conflict.
    if draft.revision != seen and draft.edited_by_id != actor.id:
        raise EditedMeanwhile(draft)
    if draft.edited_by_id != actor.id or draft.revision == 1 or utc_now() - draft.updated_at > SITTING:
        _note(TemplateEvent.EDIT, draft, actor)
    draft.subject, draft.body = wording.subject, wording.body
    draft.content_hash = content_hash(wording.subject, wording.body)
    draft.revision += 1
    draft.edited_by, draft.edited_by_id = actor.label, actor.id
    session.flush()
    return draft


def approve(template_id: uuid.UUID, seen: int, actor: Actor) -> MessageTemplateVersion:
    """Makes the draft the version that is sent; the one before retires. Raises CompileFailed when it has problems.

    What is approved is the revision the person saw: any later save raises EditedMeanwhile.
    """
    session = db.session()
    template = _hold(session, template_id, actor)
    draft, live = _needed(draft_of(session, template_id)), live_of(session, template_id)
    if draft.revision != seen:
        raise EditedMeanwhile(draft)
    compile_email(draft.subject, draft.body, layout_of(get_topic(session, template.topic_id), template.language))
    if live is not None:
        live.state, live.retired_at = VersionState.RETIRED, utc_now()
        session.flush()
    draft.state, draft.approved_by, draft.approved_at = VersionState.APPROVED, actor.label, utc_now()
    session.flush()
    _note(TemplateEvent.APPROVE, draft, actor)
    return draft


def remove_templates(template_ids: Collection[uuid.UUID], actor: Actor) -> int:
    """Takes away templates that no message was made of, for example those of the invented company; says how many."""
    session = db.session()
    gone = delete(MessageTemplate).where(MessageTemplate.id.in_(template_ids)).returning(MessageTemplate.id)
    removed = session.scalars(gone).all()
    for template_id in removed:
        record(TemplateEvent.REMOVE, actor, object_type="message_template", object_id=template_id)
    return len(removed)


def _hold(session: Session, template_id: uuid.UUID, actor: Actor) -> MessageTemplate:
    """Lets one change of a template pass at a time."""
    query = select(MessageTemplate).where(MessageTemplate.id == template_id).with_for_update()
    template = session.execute(query).scalar_one()
    _require_allowed(template.topic_id, actor)
    return template


def _require_allowed(topic_id: uuid.UUID, actor: Actor) -> None:
    if answers_person(topic_id) and actor.kind is not ActorKind.SYSTEM:
        raise BuiltIn("This text belongs to the portal and is the same in every installation. It cannot be changed.")


def _needed(draft: MessageTemplateVersion | None) -> MessageTemplateVersion:
    if draft is None:
        raise NoDraft("This template has no draft. Start a new version first.")
    return draft


def _add_draft(
    session: Session, template_id: uuid.UUID, number: int, wording: Wording, actor: Actor
) -> MessageTemplateVersion:
    draft = MessageTemplateVersion(
        id=new_id(),
        template_id=template_id,
        number=number,
        state=VersionState.DRAFT,
        subject=wording.subject,
        body=wording.body,
        content_hash=content_hash(wording.subject, wording.body),
        created_by=actor.label,
        edited_by=actor.label,
        edited_by_id=actor.id,
    )
    session.add(draft)
    session.flush()
    return draft


def _note(event: TemplateEvent, version: MessageTemplateVersion, actor: Actor) -> None:
    changes = [
        Change("version", DataClass.INTERNAL, None, str(version.number)),
        Change("content_hash", DataClass.INTERNAL, None, version.content_hash),
    ]
    record(event, actor, object_type="message_template", object_id=version.template_id, changes=changes)
