"""Making, writing and approving templates, asserted on rows; approved versions never change."""

from datetime import timedelta

import pytest
from portal.audit.models import AuditEntry
from portal.db import db, transaction, utc_now
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion, VersionState
from portal.message_templates.operations import (
    EditedMeanwhile,
    KeyTaken,
    NoDraft,
    approve,
    remove_templates,
    start_draft,
)
from portal.message_templates.queries import compiled_version, draft_of, live_of, version_facts
from portal.message_templates.rules import SAMPLES, CompileFailed, content_hash, render
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.message_templates.conftest import GOOD, INES, JO


def actions():
    query = select(AuditEntry.action).where(AuditEntry.object_type == "message_template").order_by(AuditEntry.seq)
    return [action.removeprefix("message_template.") for action in db.session.scalars(query)]


def test_a_template_begins_with_a_draft_and_an_audit_row(template):
    draft = draft_of(db.session(), template.id)
    assert (draft.number, draft.state, draft.revision, draft.created_by) == (1, "draft", 1, "Ines Duarte")
    assert draft.content_hash == content_hash(GOOD.subject, GOOD.body)
    assert actions() == ["create"]


def test_a_key_names_one_template(new_template):
    new_template()
    with pytest.raises(KeyTaken, match="belongs to the template “Booking confirmation”"):
        new_template("Another")


def test_a_draft_is_saved_with_its_problems_and_a_sitting_is_one_row_of_the_log(template, write):
    write(template, "a", "{{ nope }}")
    draft = write(template, "b", "{{ nope }}", seen=2)
    assert (draft.revision, draft.subject, draft.edited_by) == (3, "b", "Ines Duarte")
    assert actions() == ["create", "edit"]
    write(template, "c", "x", seen=3, actor=JO)
    assert actions() == ["create", "edit", "edit"]


def test_saving_what_stands_there_changes_nothing(template, write):
    assert write(template, GOOD.subject, GOOD.body, seen=99).revision == 1
    assert actions() == ["create"]


def test_after_a_pause_the_log_gets_another_row(template, write, monkeypatch):
    write(template, "a", "x")
    later = utc_now() + timedelta(minutes=11)
    monkeypatch.setattr("portal.message_templates.operations.utc_now", lambda: later)
    write(template, "b", "x", seen=2)
    assert actions() == ["create", "edit", "edit"]


def test_one_person_does_not_overwrite_another_unseen_but_never_conflicts_with_themselves(template, write):
    write(template, "mine", "x", seen=1, actor=JO)
    with pytest.raises(EditedMeanwhile, match="Jo Adeyemi saved this draft") as edited:
        write(template, "late", "x", seen=1, actor=INES)
    assert edited.value.theirs.subject == "mine"
    assert write(template, "crossed", "x", seen=1, actor=JO).subject == "crossed"


def test_approval_retires_the_version_before_and_is_logged_with_the_hash(approved, write):
    with transaction():
        draft = start_draft(approved.id, JO)
        assert start_draft(approved.id, JO).id == draft.id
    assert (draft.number, draft.subject) == (2, GOOD.subject)
    write(approved, "New", "text", seen=1, actor=JO)
    with transaction():
        second = approve(approved.id, 2, INES)
    states = select(MessageTemplateVersion.number, MessageTemplateVersion.state).order_by(MessageTemplateVersion.number)
    assert db.session.execute(states).all() == [(1, VersionState.RETIRED), (2, VersionState.APPROVED)]
    assert live_of(db.session(), approved.id).id == second.id
    assert actions() == ["create", "approve", "start_draft", "edit", "approve"]
    changes = db.session.scalar(select(AuditEntry.changes).order_by(AuditEntry.seq.desc()).limit(1))
    assert second.content_hash in str(changes)


def test_only_what_was_seen_and_can_be_sent_is_approved(template, write):
    with pytest.raises(EditedMeanwhile), transaction():
        approve(template.id, 7, INES)
    write(template, "a", "{{ nope }}")
    with pytest.raises(CompileFailed, match="nope is not a known field"), transaction():
        approve(template.id, 2, INES)
    assert draft_of(db.session(), template.id).state == "draft"


def test_without_a_draft_nothing_is_saved_or_approved(approved, write):
    with pytest.raises(NoDraft):
        write(approved, "a", "b")
    with pytest.raises(NoDraft), transaction():
        approve(approved.id, 1, INES)


@pytest.mark.parametrize(
    "change",
    [
        "body = 'other'",
        "state = 'draft'",
        "content_hash = 'x'",
        "state = 'retired', body = 'other'",
        "approved_by = 'x'",
    ],
)
def test_the_database_refuses_to_change_an_approved_version(approved, session, change):
    with pytest.raises(DBAPIError, match="never changes"), session.begin_nested():
        session.execute(text(f"UPDATE message_template_version SET {change}"))


def test_the_gate_sees_a_text_that_was_changed_behind_the_portals_back(approved, session):
    version = live_of(session, approved.id)
    before = version_facts(session, [version.id])[version.id]
    assert (before.approved, before.text_hash) == (True, version.content_hash)
    with transaction():
        draft = start_draft(approved.id, INES)
    session.execute(text("UPDATE message_template_version SET body = 'forged' WHERE state = 'draft'"))
    after = version_facts(session, [draft.id, version.id])
    assert not after[draft.id].approved
    assert after[draft.id].text_hash == content_hash(GOOD.subject, "forged") != draft.content_hash


def test_a_version_that_does_not_exist_has_no_facts(session, topic):
    assert version_facts(session, [topic.id]) == {}


def test_the_pump_gets_a_version_compiled_once_with_the_footer_of_its_topic(approved, session):
    version = live_of(session, approved.id)
    compiled = compiled_version(session, version.id)
    assert compiled_version(session, version.id) is compiled
    rendered = render(compiled, SAMPLES)
    assert rendered.subject == "Your booking for Harbour Gala"
    assert "because it belongs to “Bookings”" in rendered.text


def test_templates_without_messages_can_be_removed(approved, new_template):
    kept = new_template("Kept", "kept")
    with transaction():
        assert remove_templates([approved.id], INES) == 1
    assert db.session.scalars(select(MessageTemplate.id)).all() == [kept.id]
    assert actions()[-1] == "remove"
