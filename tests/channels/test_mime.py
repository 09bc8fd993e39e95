"""The bytes that leave, read back by an independent parser."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from portal.channels.email.mime import EmailContent, UnsafeHeader, skeleton

DATE = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
URL = "https://mail.tidewell.example/u/" + "a" * 180


def content(**changes):
    facts = {
        "message_id": "0190.x@tidewell.example",
        "to": "maria@example.org",
        "subject": "Doors open",
        "text": "Hi",
        "html": "<p>Hi</p>",
    }
    return EmailContent(**{**facts, **changes})


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def built(name="Tidewell", **changes):
    return skeleton(name, "news@tidewell.example", "answers@tidewell.example").build(content(**changes), DATE)


def test_a_mail_parses_without_defects_and_has_both_parts():
    message = parsed(built(text="Grüße\n.\nende", html="<p>Grüße</p>"))
    assert [part.defects for part in message.walk()] == [[], [], []]
    assert message.get_body(("plain",)).get_content().split() == ["Grüße", ".", "ende"]
    assert message.get_body(("html",)).get_content().strip() == "<p>Grüße</p>"
    assert message["Message-ID"] == "<0190.x@tidewell.example>"
    assert message["Date"].datetime == DATE


@pytest.mark.parametrize(
    "subject", ["Short", "Grüße aus Köln", "x" * 200, "ä" * 200, "a =?utf-8?q?b?= c", "日本語" * 30]
)
def test_any_subject_arrives_as_it_was_written(subject):
    assert str(parsed(built(subject=subject))["Subject"]) == subject


@pytest.mark.parametrize("name", ["Tidewell, Theatre", 'The "Old" House', "Back\\slash", "Söhne & Co", ""])
def test_any_sender_name_stays_one_mailbox(name):
    sender = parsed(built(name=name))["From"].addresses
    assert [(a.display_name, a.addr_spec) for a in sender] == [(name, "news@tidewell.example")]


def test_the_unsubscribe_pair_is_neither_folded_nor_encoded():
    raw = built(unsubscribe_url=URL, unsubscribe_mailto="stop@tidewell.example", list_id="news.tidewell.example")
    assert b"List-Unsubscribe: <" + URL.encode() + b">, <mailto:stop@tidewell.example>\r\n" in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert b"List-Id: <news.tidewell.example>\r\n" in raw


def test_without_an_unsubscribe_link_the_headers_are_left_out():
    message = parsed(built())
    assert message["List-Unsubscribe"] is None
    assert parsed(built(unsubscribe_url=URL))["List-Id"] is None


def test_no_line_is_longer_than_the_standard_allows():
    raw = built(text="y" * 5000, html="<p>" + "z" * 5000, subject="ü" * 400, unsubscribe_url=URL)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a\r\nBcc: x@y.example"},
        {"to": "a@b.example\nBcc: c"},
        {"to": "ü@b.example"},
        {"message_id": "x" * 999},
    ],
)
def test_nothing_can_be_smuggled_into_the_headers(changes):
    with pytest.raises(UnsafeHeader):
        built(**changes)
