"""The capture outbox of SMS: masked as a list, a bubble when opened, and each opening is in the log first."""

import re
import uuid

import pytest
from portal.db import db, transaction
from portal.messages.models import CapturedSms
from portal.messages.queries.captured_sms import list_captured_sms
from sqlalchemy import update

TEXT = "Tidewell: your code is 482913.\nIt is valid for 10 minutes."


def catch(client_id=None, message_id=None) -> CapturedSms:
    row = CapturedSms(client_id=client_id, message_id=message_id)
    row.address, row.body = "+351912345678", TEXT
    with transaction():
        db.session.add(row)
    return row


def opened(html: str) -> list[str]:
    return re.findall(r'href="/messages/captured/sms/([0-9a-f-]{36})"', html)


def test_the_list_is_masked_and_says_who_may_read(session, client_id, as_marketer, as_viewer, actions):
    caught = catch(client_id)
    html = as_marketer.get("/messages/captured/sms").text
    assert opened(html) == [str(caught.id)]
    assert "+351 ••• 78" in html
    assert "482913" not in html
    assert "912345678" not in html
    assert actions() == ["message.list_view"]
    assert opened(as_viewer.get("/messages/captured/sms").text) == []


def test_both_halves_of_the_outbox_lead_to_each_other(session, as_marketer):
    assert 'href="/messages/captured/sms"' in as_marketer.get("/messages/captured").text
    html = as_marketer.get("/messages/captured/sms").text
    assert 'href="/messages/captured"' in html
    assert "No SMS was caught yet" in html


def test_opening_one_shows_the_bubble_after_the_look_is_in_the_log(session, client_id, as_marketer, actions):
    caught = catch(client_id)
    html = as_marketer.get(f"/messages/captured/sms/{caught.id}").text
    assert f'<div class="bubble">{TEXT}</div>' in html
    assert "+351912345678" in html
    assert "58 characters, GSM-7, 1 segment<" in html
    assert actions() == ["message.read_captured"]


def test_an_sms_for_nobody_we_know_and_one_of_a_message_say_so(session, message_id, as_marketer):
    stranger, known = catch(), catch(message_id=message_id)
    html = as_marketer.get("/messages/captured/sms").text
    assert "a number without a client" in html
    assert f'<a href="/messages/{message_id}">Message</a>' in html
    assert "As somebody would have received it" in as_marketer.get(f"/messages/captured/sms/{stranger.id}").text
    assert "What happened to it" in as_marketer.get(f"/messages/captured/sms/{known.id}").text


def test_a_viewer_may_not_open_one(session, as_viewer):
    assert as_viewer.get(f"/messages/captured/sms/{catch().id}").status_code == 403


def test_an_unknown_one_is_no_page(session, as_marketer):
    assert as_marketer.get(f"/messages/captured/sms/{uuid.uuid4()}").status_code == 404


def test_one_that_cannot_be_decrypted_says_so(session, as_marketer):
    moved = uuid.uuid4()
    with transaction():
        db.session.execute(update(CapturedSms).where(CapturedSms.id == catch().id).values(id=moved))
    db.session.expire_all()
    assert "cannot be decrypted" in as_marketer.get("/messages/captured/sms").text
    assert "This SMS cannot be decrypted." in as_marketer.get(f"/messages/captured/sms/{moved}").text


@pytest.fixture
def small_pages(monkeypatch):
    for name in ("captured_sms", "listing"):
        monkeypatch.setattr(f"portal.messages.views.{name}.PAGE", 2)


def test_pages_of_the_outbox_lead_back_and_forth(session, as_marketer, small_pages):
    rows = [catch() for _ in range(3)]
    first = as_marketer.get("/messages/captured/sms").text
    assert opened(first) == [str(rows[2].id), str(rows[1].id)]
    older = as_marketer.get(f"/messages/captured/sms?below={rows[1].id}").text
    assert opened(older) == [str(rows[0].id)]
    newer = as_marketer.get(f"/messages/captured/sms?above={rows[0].id}").text
    assert opened(newer) == opened(first)
    assert [one.sms.id for one in list_captured_sms(session, above=rows[0].id, limit=1)] == [rows[1].id]
