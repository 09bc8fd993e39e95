"""The page of one message: what was sent, why or why not, and what happened to it so far."""

import uuid
from typing import Any

from flask import Response, abort, url_for

from portal.db import db, transaction, utc_now
from portal.gate.rules import Answer
from portal.messages.models import Message, MessageState
from portal.messages.operations.reading import note_viewed
from portal.messages.queries import Story, ask_gate, find_story
from portal.messages.queries.captured import captured_of
from portal.messages.queries.showing import masked_email
from portal.messages.queries.standing import subject_of
from portal.messages.queries.story import ordered_by
from portal.messages.rules.words import verdict_of
from portal.messages.views.blueprint import blueprint
from portal.web.access import Permission, current_actor, requires
from portal.web.frames import framed
from portal.web.htmx import hx_redirect, is_partial
from portal.web.pages import render


@blueprint.get("/<uuid:message_id>")
@requires(Permission.MESSAGE_VIEW)
def show(message_id: uuid.UUID) -> str:
    """The whole page, once the look is in the log."""
    story = known(message_id)
    with transaction():
        note_viewed(story.message, current_actor())
    facts = progress_of(story) | {
        "ordered_by": ordered_by(db.session(), message_id),
        "captured": captured_of(db.session(), message_id),
        "email": masked_email(db.session(), story.message, story.client),
    }
    return render("messages/message.html", **facts)


@blueprint.get("/<uuid:message_id>/progress")
@requires(Permission.MESSAGE_VIEW)
def progress(message_id: uuid.UUID) -> Response | str:
    """What happened so far, for the page that looks again; it holds no personal data."""
    if not is_partial():
        return hx_redirect(url_for("messages.show", message_id=message_id))
    return render("messages/_progress.html", **progress_of(known(message_id)))


@blueprint.get("/<uuid:message_id>/email")
@requires(Permission.MESSAGE_VIEW)
def email(message_id: uuid.UUID) -> Response:
    """What was sent, with the client's own data masked, for the frame."""
    story = known(message_id)
    with transaction():
        note_viewed(story.message, current_actor())
    rendered = masked_email(db.session(), story.message, story.client)
    return framed(rendered.html) if rendered else abort(404)


def known(message_id: uuid.UUID) -> Story:
    """The message of this address, or the page that says there is no such page."""
    return find_story(db.session(), message_id) or abort(404)


def progress_of(story: Story) -> dict[str, Any]:
    """Where the message stands, and what the gate says: as it was stored at the end, else as it answers now."""
    message, now = story.message, utc_now()
    standing = None if story.is_over else ask_gate(db.session(), [subject_of(message)])[message.id]
    stored = verdict_of(message.verdict)
    return {
        "story": story,
        "message": message,
        "now": now,
        "next_look": story.next_look(now),
        "standing": standing,
        "verdict": stored,
        "is_refused": stored is not None and stored.answer is Answer.REFUSE,
        "step": step_of(message),
    }


def step_of(message: Message) -> int:
    """The step at which a message stands: queued, checked, handed over, and what came of it; a retry waits for that."""
    if message.state == MessageState.QUEUED and message.attempts:
        return 4
    return {MessageState.QUEUED: 1, MessageState.CLAIMED: 2, MessageState.HANDED: 3}.get(MessageState(message.state), 4)
