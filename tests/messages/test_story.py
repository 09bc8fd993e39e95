"""The page of one message: what happened, what it means, and when the page stops asking."""

import re
import uuid
from datetime import timedelta

import pytest
from portal.db import db, transaction, utc_now
from portal.gate.rules import RULES as GATE_RULES
from portal.gate.rules import Answer, Reason
from portal.messages.models import CapturedEmail, Message, MessageAttempt
from portal.messages.rules.words import REASONS, RULES, VERDICTS, reason_words, verdict_of

from tests.messages.test_list import set_state


def attempt(message_id, number, outcome, code, text):
    now = utc_now()
    row = MessageAttempt(
        message_id=message_id, number=number, started_at=now, ended_at=now, outcome=outcome, code=code, text=text,
        worker="w",
    )  # fmt: skip
    with transaction():
        db.session.add(row)


def test_a_fresh_message_asks_every_two_seconds_and_shows_what_the_gate_says(message_id, as_viewer, actions):
    html = as_viewer.get(f"/messages/{message_id}").text
    assert 'hx-trigger="every 2s"' in html
    assert 'Gala to <span class="mask">a•••@•••.example' in html
    assert "Yes, now." not in html  # the channel of a test is off
    assert "Not yet." in html
    assert "It was not handed to anybody yet." in html
    assert actions() == ["message.view"]


def test_looking_again_gives_the_progress_alone_and_writes_no_look(message_id, as_viewer, partial, actions):
    before = actions()
    html = as_viewer.get(f"/messages/{message_id}/progress", headers=partial).text
    assert html.strip().startswith('<div id="progress"')
    assert "@" not in html
    assert actions() == before


def test_the_address_of_the_progress_leads_to_the_page(message_id, as_viewer):
    assert as_viewer.get(f"/messages/{message_id}/progress").location == f"/messages/{message_id}"


def test_a_message_that_waits_for_its_next_try_says_when_and_asks_less_often(message_id, as_viewer):
    attempt(message_id, 1, "refused", "451 4.7.1", "Greylisted.")
    set_state(message_id, attempts=1, reason="451 4.7.1", due_at=utc_now() + timedelta(minutes=5))
    html = as_viewer.get(f"/messages/{message_id}").text
    assert 'hx-trigger="every 30s"' in html
    assert "Waiting to retry" in html
    assert "Greylisted." in html
    assert "Planned" in html
    assert "1 made, the next at" in html


@pytest.mark.parametrize("state", ["claimed", "handed"])
def test_a_message_in_the_hands_of_a_worker_is_asked_for_often(message_id, as_viewer, state):
    set_state(message_id, state=state)
    assert 'hx-trigger="every 2s"' in as_viewer.get(f"/messages/{message_id}").text


def test_a_refused_message_says_why_in_plain_words_and_stops_asking(message_id, as_viewer):
    set_state(message_id, state="suppressed", reason="withdrawn", verdict="refuse:withdrawn", verdict_at=utc_now())
    html = as_viewer.get(f"/messages/{message_id}").text
    assert "hx-trigger" not in html.split('id="progress"')[1].split(">")[0]
    assert "Not sent: agreement withdrawn." in html
    assert "Only a fresh consent of their own changes that." in html
    assert "Why it was not sent" in html
    assert "The gate refused it, so it was handed to nobody." in html


def test_a_failure_is_told_with_code_meaning_and_what_follows(message_id, as_viewer):
    attempt(message_id, 1, "refused", "550 5.1.1", "The mailbox does not exist.")
    text = "The mailbox does not exist."
    set_state(
        message_id,
        state="failed",
        attempts=1,
        reason="550 5.1.1",
        failure_text=text,
        verdict="allow:fine",
        verdict_at=utc_now(),
    )
    html = as_viewer.get(f"/messages/{message_id}").text
    assert "550 5.1.1" in html
    assert "It will not be tried again." in html
    assert "Allowed." in html


def test_an_accepted_message_says_so_and_leads_to_its_caught_copy(message_id, as_marketer, as_viewer):
    caught = CapturedEmail(message_id=message_id)
    caught.raw = "Subject: x\n\ny"
    with transaction():
        db.session.add(caught)
    attempt(message_id, 1, "accepted", "simulated", "")
    attempt(message_id, 2, "accepted", "250", "")
    now = utc_now()
    set_state(
        message_id,
        state="accepted",
        attempts=2,
        accepted_at=now,
        provider_id="SIM1",
        verdict="allow:fine",
        verdict_at=now,
    )
    html = as_marketer.get(f"/messages/{message_id}").text
    assert "The provider took the message." in html
    assert "Why it was sent" in html
    assert "2 times" in html
    assert "simulated, kept here" in html
    assert f"/messages/captured/{caught.id}" in html
    assert f"/messages/captured/{caught.id}" not in as_viewer.get(f"/messages/{message_id}").text


def test_a_held_message_says_what_it_waits_for(message_id, as_viewer):
    set_state(message_id, reason="sending_off", verdict="defer:sending_off", verdict_at=utc_now())
    html = as_viewer.get(f"/messages/{message_id}").text
    assert "It waits: sending is stopped." in html
    assert "held, sending is stopped" in html


@pytest.mark.parametrize("state", ["bounced", "expired", "uncertain", "dead", "cancelled", "delivered", "read"])
def test_every_end_has_its_words(message_id, as_viewer, state):
    set_state(message_id, state=state, reason="worker_lost")
    html = as_viewer.get(f"/messages/{message_id}").text
    assert 'hx-trigger="every' not in html.split("</main>")[0].split('id="progress"')[1][:200]
    assert "It ended before the gate was asked." in html


def test_the_frame_shows_what_was_sent_with_the_client_masked(message_id, as_viewer, actions):
    answer = as_viewer.get(f"/messages/{message_id}/email")
    assert "Dear A•••" in answer.text
    assert "Harbour Gala" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert actions() == ["message.view"]


def test_a_message_whose_values_are_gone_shows_no_frame(message_id, as_viewer):
    set_state(message_id, _fields=None)
    assert "Its values are gone" in as_viewer.get(f"/messages/{message_id}").text
    assert as_viewer.get(f"/messages/{message_id}/email").status_code == 404


def test_a_message_that_cannot_be_filled_in_shows_no_frame(ready, client_id, as_viewer):
    with transaction():
        message_id = ready.message(client_id)
        db.session.get_one(Message, message_id).fields = "{}"
    assert as_viewer.get(f"/messages/{message_id}/email").status_code == 404


def test_an_unknown_message_is_no_page(as_viewer):
    assert as_viewer.get(f"/messages/{uuid.uuid4()}").status_code == 404


def test_who_ordered_it_is_told(message_id, as_viewer):
    assert re.search(r"Ordered by</dt><dd>[^<]+", as_viewer.get(f"/messages/{message_id}").text)


def test_every_answer_of_the_gate_has_words():
    assert set(Reason) <= set(REASONS)
    assert {rule.__name__ for rule in GATE_RULES} == set(RULES)
    assert set(VERDICTS) == set(Answer)
    assert reason_words("550 5.1.1") == ("550 5.1.1", "")
    assert verdict_of("") is None
