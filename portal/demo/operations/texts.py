"""The company's message templates: approved ones, one whose next version is in work, and one that is only a draft."""

from collections.abc import Mapping

from portal.consent.models import Topic
from portal.db import db
from portal.demo.rules.company import TEMPLATES, DemoTemplate
from portal.message_templates.operations import Wording, approve, create_template, save_draft, start_draft
from portal.message_templates.queries import find_by_key
from portal.web.actor import Actor


def load_templates(topics: Mapping[str, Topic], actor: Actor) -> int:
    """Makes those that are missing; says how many."""
    missing = [wanted for wanted in TEMPLATES if find_by_key(db.session(), wanted.key) is None]
    for wanted in missing:
        _make(wanted, topics[wanted.topic], actor)
    return len(missing)


def _make(wanted: DemoTemplate, topic: Topic, actor: Actor) -> None:
    if wanted.approved is None:
        assert wanted.draft is not None  # noqa: S101 - a text has one or both
        create_template(wanted.name, wanted.key, topic.id, Wording(*wanted.draft), actor)
        return
    template = create_template(wanted.name, wanted.key, topic.id, Wording(*wanted.approved), actor)
    approve(template.id, 1, actor)
    if wanted.draft is not None:
        draft = start_draft(template.id, actor)
        save_draft(template.id, Wording(*wanted.draft), draft.revision, actor)
