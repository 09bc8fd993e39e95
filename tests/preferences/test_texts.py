"""The portal's own mails: their texts in every language, who may write them, what stands in them and who gets them."""

import re
from datetime import timedelta

import pytest
from portal.clients.queries import index_of
from portal.consent.models import LegalBasis, Topic, TopicClass
from portal.consent.operations import make_topic
from portal.consent.rules.topics import SYSTEM_LINKS
from portal.crypto.blind_index import NotAnAddress
from portal.db import db, utc_now
from portal.message_templates.models import MessageTemplate, MessageTemplateVersion
from portal.message_templates.operations import BuiltIn, Wording, approve, create_template, save_draft, start_draft
from portal.message_templates.queries import compiled_version, list_topics
from portal.message_templates.rules import CompileFailed, compile_email, layout_for, render
from portal.messages.models import Message
from portal.messages.queries import list_sendable
from portal.preferences.models import LinkRequest
from portal.preferences.operations.links import KEPT, PER_NETWORK, TooMany, answer_links, ask_for_link
from portal.preferences.operations.texts import Text, ensure_texts, key_of, text_version
from portal.preferences.queries.system import approved_texts
from portal.preferences.rules.languages import languages
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

from tests.consent.conftest import READER, STAFF, some_client

VALUES = {
    "sender_name": "Tidewell",
    "postal_address": "4 Quay Street",
    "preferences_url": "https://tidewell.example/p/x",
    "confirm_url": "https://tidewell.example/c/x",
    "asked_topic": "News",
}


def ask(address: str = "maria@rivertown.example", language: str = "en") -> LinkRequest:
    return ask_for_link(index_of(address), language, READER)


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.topic_id == SYSTEM_LINKS))


def test_the_texts_are_made_once_in_every_language_and_approved(session):
    assert ensure_texts() == len(languages()) * len(Text)
    assert ensure_texts() == 0
    assert set(approved_texts()) == {key_of(text, code) for text in Text for code in languages()}
    topic = session.get(Topic, SYSTEM_LINKS)
    assert (topic.key, topic.topic_class) == ("system-links", "service_legal")


def test_a_short_name_that_staff_took_before_does_not_matter(session):
    make_topic("Theirs", TopicClass.MARKETING, LegalBasis.CONSENT, STAFF, key="system-links")
    text_version(Text.LINK, "de")
    assert session.get(Topic, SYSTEM_LINKS).key == "system-links-built-in"


def test_a_new_wording_is_the_next_version(session):
    first = text_version(Text.LINK, "en")
    template = session.scalars(select(MessageTemplate).where(MessageTemplate.key == "system_link_en")).one()
    start_draft(template.id, SYSTEM)
    draft = save_draft(template.id, Wording("Other", "Words"), 1, SYSTEM)
    approve(template.id, draft.revision, SYSTEM)
    assert ensure_texts() == 1
    again = session.get(MessageTemplateVersion, text_version(Text.LINK, "en"))
    assert (again.number, again.id == first) == (3, False)


@pytest.mark.parametrize("code", sorted(languages()))
def test_our_own_mails_say_why_they_come_and_have_nothing_to_stop(session, code):
    for text, link in ((Text.CONFIRM, "confirm_url"), (Text.LINK, "preferences_url")):
        compiled = compiled_version(session, text_version(text, code))
        assert "unsubscribe_url" not in compiled.fields
        mail = render(compiled, VALUES)
        for part in (mail.text, mail.html):
            assert VALUES[link] in part
            assert VALUES["preferences_url"] in part
            assert ("jemand mit Ihrer Adresse" if code == "de" else "somebody asked for it") in part


@pytest.mark.parametrize("code", ["en", "de", "xx"])
def test_every_other_mail_links_to_stopping_and_to_the_settings(code):
    layout = layout_for("Harbour {news}", marketing=True, language=code)
    mail = render(compile_email("s", "b", layout), {**VALUES, "unsubscribe_url": "https://tidewell.example/u/x"})
    for part in (mail.text, mail.html):
        assert "https://tidewell.example/u/x" in part
        assert "https://tidewell.example/p/x" in part
    assert ("abbestellen" if code == "de" else "Stop these messages") in mail.text


def test_staff_cannot_write_or_send_what_the_gate_lets_through(session):
    version = session.get(MessageTemplateVersion, text_version(Text.CONFIRM, "en"))
    for attempt in (
        lambda: create_template("Offer", "offer", SYSTEM_LINKS, Wording("Buy", "Now"), STAFF),
        lambda: start_draft(version.template_id, STAFF),
        lambda: save_draft(version.template_id, Wording("Buy", "Now"), 1, STAFF),
        lambda: approve(version.template_id, 1, STAFF),
    ):
        with pytest.raises(BuiltIn, match="belongs to the portal"):
            attempt()
    assert list_sendable(session) == []
    assert SYSTEM_LINKS not in [topic.id for topic in list_topics(session)]
    with pytest.raises(CompileFailed, match="confirm_url is for mails that the portal writes by itself"):
        compile_email("s", "[x]({{ confirm_url }})", layout_for("News", marketing=True))


def test_the_page_of_a_built_in_text_offers_no_new_version(session, as_marketer):
    version = session.get(MessageTemplateVersion, text_version(Text.CONFIRM, "en"))
    session.commit()
    assert "New version" not in as_marketer.get(f"/templates/{version.template_id}/edit").text
    held = re.search(r'csrf-token" content="([^"]+)"', as_marketer.get("/account").text)[1]
    answer = as_marketer.post(f"/templates/{version.template_id}/versions", data={"csrf_token": held})
    assert (answer.status_code, "This text is built in" in answer.text) == (409, True)


def test_a_link_is_mailed_to_the_address_that_asked_and_to_no_other(session):
    maria = some_client()
    ask("MARIA@rivertown.example", "de")
    ask("nobody@rivertown.example")
    assert (answer_links(), answer_links()) == (1, 0)
    sent = session.scalars(select(Message)).one()
    assert (sent.client_id, sent.topic_id, sent.class_rank) == (maria.id, SYSTEM_LINKS, 0)
    # Portuguese is spoken by no page yet, so the language of the page decides.
    assert sent.version_id == text_version(Text.LINK, "de")


def test_one_address_gets_three_links_an_hour_and_five_mails_a_day(session):
    some_client()
    for _ in range(5):
        ask()
    assert answer_links() == 3
    for row in session.scalars(select(LinkRequest)):
        row.answered_at = utc_now() - timedelta(hours=2)
    for _ in range(3):
        ask()
    assert (answer_links(), mails()) == (2, 5)


def test_one_network_may_ask_twenty_times_an_hour(session):
    for number in range(PER_NETWORK):
        ask(f"somebody{number}@rivertown.example")
    with pytest.raises(TooMany):
        ask()
    for row in session.scalars(select(LinkRequest)):
        row.asked_at -= timedelta(hours=2)
    session.flush()
    assert ask().answered_at is None


def test_what_was_asked_is_forgotten_after_a_day(session):
    ask().asked_at = utc_now() - KEPT - timedelta(minutes=1)
    session.flush()
    answer_links()
    assert session.scalars(select(LinkRequest)).all() == []


def test_what_is_no_address_is_not_asked_for(session):
    with pytest.raises(NotAnAddress):
        ask("nobody")
