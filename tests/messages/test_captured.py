"""The capture outbox: masked as a list, in clear when opened, and each opening is in the log first."""

import re
import uuid

import pytest
from portal.channels.email.mime import EmailContent, skeleton
from portal.db import db, transaction, utc_now
from portal.messages.models import CapturedEmail
from portal.messages.queries import list_captured
from portal.messages.rules.caught import read_mail
from sqlalchemy import update

LINK = "https://tidewell.example/u/x"


def caught_email(message_id, name="Ana") -> CapturedEmail:
    content = EmailContent(
        "1@x.example", "ana0@mail.example", "Gala", f"Dear {name},\n\none\ntwo", f"<p>Dear {name}</p>", LINK
    )
    row = CapturedEmail(message_id=message_id)
    row.raw = skeleton("Tidewell", "no-reply@tidewell.example").build(content, utc_now()).decode()
    with transaction():
        db.session.add(row)
    return row


@pytest.fixture
def caught(message_id) -> CapturedEmail:
    return caught_email(message_id)


def opened(html: str) -> list[str]:
    return re.findall(r'href="/messages/captured/([0-9a-f-]{36})"', html)


def test_the_list_is_masked_and_says_who_may_read(caught, as_marketer, as_viewer, actions):
    html = as_marketer.get("/messages/captured").text
    assert opened(html) == [str(caught.id)]
    assert "a•••@•••.example" in html
    assert "Dear Ana" not in html
    assert actions() == ["message.list_view"]
    assert opened(as_viewer.get("/messages/captured").text) == []


def test_an_empty_outbox_says_what_it_is_for(session, as_marketer):
    assert "Nothing was caught yet" in as_marketer.get("/messages/captured").text


def test_opening_one_shows_it_in_clear_after_the_look_is_in_the_log(caught, as_marketer, actions):
    html = as_marketer.get(f"/messages/captured/{caught.id}").text
    assert "ana0@mail.example" in html
    assert "List-Unsubscribe" in html
    assert re.search(r"one\r?\ntwo", html)
    assert actions() == ["message.read_captured"]


def test_its_html_stands_in_a_frame_of_its_own_and_is_a_look_too(caught, as_marketer, actions):
    answer = as_marketer.get(f"/messages/captured/{caught.id}/email")
    assert "<p>Dear Ana</p>" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert actions() == ["message.read_captured"]


def test_a_viewer_may_not_open_one(caught, as_viewer):
    assert as_viewer.get(f"/messages/captured/{caught.id}").status_code == 403


def test_an_unknown_one_is_no_page(session, as_marketer):
    assert as_marketer.get(f"/messages/captured/{uuid.uuid4()}").status_code == 404


def test_one_that_cannot_be_decrypted_says_so(caught, as_marketer):
    other = caught_email_of_nobody(caught)
    html = as_marketer.get(f"/messages/captured/{other}").text
    assert "This email cannot be decrypted." in html


def caught_email_of_nobody(caught: CapturedEmail) -> uuid.UUID:
    """The same sealed cell under another id, to which it is not bound."""
    moved = uuid.uuid4()
    with transaction():
        db.session.execute(update(CapturedEmail).where(CapturedEmail.id == caught.id).values(id=moved))
    db.session.expire_all()
    return moved


def test_pages_of_the_outbox_lead_back_and_forth(ready, session, as_marketer, monkeypatch):
    monkeypatch.setattr("portal.messages.views.captured.PAGE", 2)
    monkeypatch.setattr("portal.messages.views.listing.PAGE", 2)
    with transaction():
        ids = ready.messages(3)
    rows = [caught_email(message_id) for message_id in ids]
    first = as_marketer.get("/messages/captured").text
    assert opened(first) == [str(rows[2].id), str(rows[1].id)]
    older = as_marketer.get(f"/messages/captured?below={rows[1].id}").text
    assert opened(older) == [str(rows[0].id)]
    newer = as_marketer.get(f"/messages/captured?above={rows[0].id}").text
    assert opened(newer) == opened(first)
    assert [one.email.id for one in list_captured(session, above=rows[0].id, limit=1)] == [rows[1].id]


def test_a_mail_without_parts_reads_as_empty():
    assert read_mail("Subject: x\nContent-Type: multipart/alternative; boundary=y\n\n").html == ""
