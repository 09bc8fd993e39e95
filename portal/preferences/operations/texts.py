"""
The built-in texts: "please confirm" and "your link", one of each in each language of the pages, approved as they are.

They stand on a topic of their own that nobody else can write for. The gate lets it through to people who stopped
everything, because its mails only answer them; so its texts hold no advertising and cannot be changed by staff.
"""

import uuid
from enum import StrEnum

from sqlalchemy import func, select

from portal.audit.operations import record
from portal.consent.models import LegalBasis, Topic, TopicClass, TopicState
from portal.consent.queries import find_topic_by_key
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.db import db
from portal.message_templates.models import MessageTemplate, Urgency
from portal.message_templates.operations import Wording, approve, create_template, save_draft, start_draft
from portal.message_templates.queries import draft_of, find_by_key
from portal.preferences.events import PreferencesEvent
from portal.preferences.queries.system import approved_texts
from portal.preferences.rules.languages import Language, languages
from portal.web.actor import SYSTEM

KEY = "system-links"


class Text(StrEnum):
    """What a built-in text is for."""

    CONFIRM = "confirm"
    LINK = "link"


def ensure_texts() -> int:
    """Makes the topic and every text that is missing or was worded differently; says how many. A second run makes 0."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("heedful/system-texts", 0))))
    _ensure_topic()
    made = sum(_ensure(text, language) for language in languages().values() for text in Text)
    if made:
        record(PreferencesEvent.MAKE_TEXTS, SYSTEM, object_type="topic", object_id=SYSTEM_LINKS, reason=f"{made} texts")
    return made


def text_version(text: Text, language: str) -> uuid.UUID:
    """The approved version of a text in a language; makes them all where this one is missing."""
    key = key_of(text, language)
    if key not in approved_texts():
        ensure_texts()
    return approved_texts()[key].id


def key_of(text: Text, language: str) -> str:
    """The key of the template."""
    return f"system_{text}_{language}"


def _ensure_topic() -> None:
    if db.session.get(Topic, SYSTEM_LINKS) is not None:
        return
    # Staff may have used the short name before; the row is known by its id.
    key = f"{KEY}-built-in" if find_topic_by_key(KEY) else KEY
    topic = Topic(
        id=SYSTEM_LINKS,
        key=key,
        name="Links and confirmations",
        description="The mail by which somebody confirms, and the link to one's own settings. Sent when asked for.",
        topic_class=TopicClass.SERVICE_LEGAL,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        state=TopicState.OPEN,
    )
    db.session.add(topic)
    db.session.flush()


def _ensure(text: Text, language: Language) -> bool:
    key = key_of(text, language.code)
    wanted = Wording(language.texts[f"mail.{text}_subject"], language.texts[f"mail.{text}_body"].strip())
    live = approved_texts().get(key)
    if live is not None and Wording(live.subject, live.body) == wanted:
        return False
    template = find_by_key(db.session(), key) or _make(text, language, wanted)
    start_draft(template.id, SYSTEM)
    draft = draft_of(db.session(), template.id)
    assert draft is not None  # noqa: S101 - it was started just now
    approve(template.id, save_draft(template.id, wanted, draft.revision, SYSTEM).revision, SYSTEM)
    return True


def _make(text: Text, language: Language, wanted: Wording) -> MessageTemplate:
    name = {Text.CONFIRM: "Please confirm", Text.LINK: "Link to one's own settings"}[text]
    key = key_of(text, language.code)
    facts = (f"{name} ({language.name}, built in)", key, SYSTEM_LINKS, wanted, SYSTEM, Urgency.CRITICAL)
    return create_template(*facts, language=language.code)
