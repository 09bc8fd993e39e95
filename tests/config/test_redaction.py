"""What the redactor takes out, and what it leaves."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from portal.config.redaction import Redactor
from portal.config.secret import Secret

REDACTOR = Redactor(
    [
        "s3cret-pass/word",
        "short",
        "base64:AQcOFRwjKjE4P0ZNVFtiaXB3foWMk5qh",
        "postgresql://u:db-pass%21x@h/d",
        "x://[:canary9",
    ]
)


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("login with s3cret-pass/word now", "login with <secret> now"),
        ("as a URL s3cret-pass%2Fword", "as a URL <secret>"),
        ("key AQcOFRwjKjE4P0ZNVFtiaXB3foWMk5qh", "key <secret>"),
        ("password db-pass!x or db-pass%21x", "password <secret> or <secret>"),
        ("connect to postgresql://app:other@host/db", "connect to postgresql://<secret>@host/db"),
        ("Authorization: Bearer abc.def-123", "Authorization: <secret>"),
        ("AC0123456789abcdef0123456789ABCDEF and SK" + "0" * 32, "<secret> and <secret>"),
        ("token EAAGm0PX4ZCpsBAKZCabcdef123", "token <secret>"),
        ("cell \\xc1010000000a1b2c3d4e5f6a7b", "cell <sealed>"),
        (r"cell b'\xc1\x01\x00secret'", "cell <sealed>"),
        ("cell wQEAAAAKGyw9Tl9qe8zd7vAAESIzRFVmd4iZqrvM3e7/", "cell <sealed>"),
        ("to ann.o'neil+x@mail.tidewell.example, ok", "to <email>, ok"),
        ("GET /u?email=ann%40x.example HTTP", "GET /u?<query> HTTP"),
        ("ann%40tidewell.example", "<email>"),
        ("call +14155550123.", "call <phone>."),
        ("call %2B14155550123", "call <phone>"),
        ("one\nline\r\x1b[31m\u202e\u2028", "one\\x0aline\\x0d\\x1b[31m\\u202e\\u2028"),
        ("short words stay, 2026-11-22T10:00:00+01:00 too", "short words stay, 2026-11-22T10:00:00+01:00 too"),
        ("what? a = b", "what? a = b"),
        ("\ud800", "\\ud800"),
    ],
)
def test_private_things_are_masked_and_others_stay(text, expected):
    assert REDACTOR.text(text) == expected


def test_values_become_plain_data():
    row = uuid.UUID(int=7)
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    given = {
        "id": row,
        "at": moment,
        "sum": Decimal("1.50"),
        "path": Path("/var"),
        "colour": Colour.RED,
        "many": ("a", 1, None, True, {2.5}),
        "nested": {"to": "ann@x.example", "password": "p", "token_count": 3, "secret": b"x", "api_key": ""},
        "raw": b"\xc1abc",
        "key": Secret("x"),
        "thing": object(),
    }
    assert REDACTOR.fields(given) == {
        "id": str(row),
        "at": str(moment),
        "sum": "1.50",
        "path": "/var",
        "colour": "red",
        "many": ["a", 1, None, True, [2.5]],
        "nested": {"to": "<email>", "password": "<secret>", "token_count": 3, "secret": "<secret>", "api_key": ""},
        "raw": "<bytes>",
        "key": "<Secret>",
        "thing": "<object>",
    }


def test_long_texts_are_cut():
    assert len(REDACTOR.text("word " * 2000)) == 4001


def test_a_redactor_without_secrets_still_knows_the_shapes():
    assert Redactor([]).text("ann@x.example") == "<email>"
