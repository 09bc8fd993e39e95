"""What messages show on other pages: the client's timeline, panel and action, and the home page."""

import uuid
from datetime import timedelta

import pytest
from portal.db import db, transaction, utc_now
from portal.messages import contributions
from portal.messages.models import Message, MessageAttempt
from portal.messages.queries import find_trouble
from portal.messages.rules.tabs import first_id
from portal.web.actor import Actor, ActorKind
from sqlalchemy import update

from tests.messages.test_list import set_state

MARKETER = Actor(ActorKind.STAFF, "Ines Duarte", uuid.uuid4(), roles=("marketer",))
ADMIN = Actor(ActorKind.STAFF, "Priya Raman", uuid.uuid4(), roles=("admin",))


@pytest.fixture
def in_page(isolation):
    with isolation.test_request_context():
        yield


def test_the_client_page_tells_of_the_message_and_looks_again_while_it_moves(message_id, client_id, as_marketer):
    html = as_marketer.get(f"/clients/{client_id}").text
    assert f'href="/messages/{message_id}">Gala</a> by email: queued' in html
    assert 'hx-trigger="every 2s"' in html
    assert f"/messages/new?client={client_id}" in html


def test_a_message_that_was_not_sent_says_why_on_the_timeline(message_id, client_id, as_viewer):
    set_state(message_id, state="suppressed", reason="withdrawn")
    html = as_viewer.get(f"/clients/{client_id}").text
    assert "by email: not sent (agreement withdrawn)" in html
    assert "every 2s" not in html
    assert "Send a message" not in html


def test_the_panel_answers_for_the_first_topic(ready, client_id, as_viewer):
    html = as_viewer.get(f"/clients/{client_id}").text
    assert "May we write to this client?" in html
    assert "<strong>Not yet.</strong> News by Email" in html
    with transaction():
        stranger = ready.client(3, agreed=False)
    html = as_viewer.get(f"/clients/{stranger}").text
    assert "<strong>No.</strong> News by Email" in html
    assert "never agreed" in html


def test_bad_ends_need_somebody(ready, session, in_page):
    assert contributions.attention(MARKETER) == []
    with transaction():
        one, two = ready.messages(2)
    set_state(one, state="failed")
    assert [found.title for found in contributions.attention(MARKETER)] == ["1 message did not arrive"]
    set_state(two, state="dead")
    found = contributions.attention(MARKETER)[0]
    assert found.title == "2 messages did not arrive"
    assert found.text == "In the last 7 days. Set aside: 1; failed: 1."
    assert contributions.attention(ADMIN) == []


def test_very_many_bad_ends_are_not_counted_to_the_last(ready, session, in_page, monkeypatch):
    with transaction():
        for message_id in ready.messages(2):
            set_state(message_id, state="failed")
    monkeypatch.setattr(contributions, "COUNTED", 2)
    assert contributions.attention(MARKETER)[0].title == "2 messages or more did not arrive"


def test_email_that_nobody_takes_for_a_while_needs_somebody(message_id, session, in_page):
    old = first_id(utc_now() - timedelta(minutes=20))
    with transaction():
        db.session.execute(update(Message).values(id=old, attempts=1, state="queued"))
    assert find_trouble(session).is_stuck
    assert [found.action for found in contributions.attention(ADMIN)] == ["See health"]
    now = utc_now()
    with transaction():
        taken = {"number": 1, "started_at": now, "ended_at": now, "outcome": "accepted", "code": "250", "text": ""}
        db.session.add(MessageAttempt(message_id=old, worker="w", **taken))
    assert not find_trouble(session).is_stuck


def test_the_home_page_shows_what_did_not_arrive(message_id, as_marketer):
    set_state(message_id, state="failed")
    assert "1 message did not arrive" in as_marketer.get("/").text
