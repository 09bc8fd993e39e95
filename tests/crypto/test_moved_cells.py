"""Cells that were copied, changed or sealed by another release, seen on a page (scenarios 7, 8 and 11)."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from flask import Flask
from portal.crypto import alarms
from portal.crypto.errors import UnknownAlgorithm, UnknownKey
from portal.crypto.keyring import on_undecryptable, ring
from portal.crypto.purposes import Purpose
from portal.db import new_id
from sqlalchemy import text
from sqlalchemy.exc import DataError
from structlog.testing import capture_logs

from tests.crypto.conftest import Card, Letter, committed, spoil


@pytest.fixture
def cards(probes: Flask):
    """Two cards and a letter, a page that lists the cards, and what the security listener was told."""
    told = []
    alarms._told.clear()
    stop = on_undecryptable(told.append)
    first, second = sorted((new_id(), new_id()))
    ada, bo = Card(id=first, name="Ada", note="first"), Card(id=second, name="Bo", note="second")
    with committed() as session:
        session.add_all([ada, bo, Letter(id=ada.id, body="Dear Ada", name="Ada in the letter")])
    yield probes, ada, bo, told
    stop()


def shown(app: Flask) -> tuple[list[str], list[dict]]:
    with capture_logs() as logs:
        answer = app.test_client().get("/probe-cards")
    assert answer.status_code == 200
    events = [log for log in logs if log["event"] == "crypto.cell_undecryptable"]
    return answer.text.removeprefix("<li>").removesuffix("</li>").split("</li><li>"), events


def test_an_untouched_list_raises_no_alarm(cards):
    app, _, _, told = cards
    assert shown(app) == (["Ada, first", "Bo, second"], [])
    assert told == []


MOVES = {
    "row": "UPDATE probe_card SET note = (SELECT note FROM probe_card WHERE id = :ada) WHERE id = :bo",
    "column": "UPDATE probe_card SET note = name WHERE id = :bo",
    "table": "UPDATE probe_card SET note = (SELECT name FROM probe_letter) WHERE id = :bo",
}


@pytest.mark.parametrize("move", MOVES)
def test_a_cell_copied_elsewhere_shows_as_such_and_the_rest_of_the_page_works(cards, move):
    app, ada, bo, told = cards
    with committed() as session:
        session.execute(text(MOVES[move]), {"ada": ada.id, "bo": bo.id})
    lines, events = shown(app)
    assert lines == ["Ada, first", "Bo, nothing"]
    assert [(one["code"], one["context"], one["row_id"]) for one in events] == [
        ("integrity_failed", "card.note", str(bo.id))
    ]
    assert [(one.context, one.row_id) for one in told] == [("card.note", bo.id)]
    assert "Ada" not in repr(events) + repr(told)


def test_the_same_cell_in_the_same_column_name_of_another_table_and_row_id_is_refused(cards):
    app, ada, _, _ = cards
    with committed() as session:
        session.execute(
            text("UPDATE probe_card SET name = (SELECT name FROM probe_letter) WHERE id = :ada"), {"ada": ada.id}
        )
    lines, events = shown(app)
    assert lines == ["cannot be decrypted, first", "Bo, second"]
    assert len(events) == 1


HARMS = {
    "set_byte(note, 25, get_byte(note, 25) # 1)": "integrity_failed",
    "set_byte(note, 10, get_byte(note, 10) # 128)": "integrity_failed",
    "substring(note FROM 1 FOR octet_length(note) - 1)": "integrity_failed",
    "substring(note FROM 1 FOR 33)": "not_an_envelope",
    "set_byte(note, 0, 194)": "not_an_envelope",
    "set_byte(note, 1, 9)": "unknown_algorithm",
    "set_byte(note, 2, 9)": "unknown_key",
    "set_byte(note, 5, (SELECT id::int FROM crypto_key WHERE purpose = 'field.message'))": "wrong_purpose",
    "'second'": "not_an_envelope",
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_changed_cell_shows_as_such_with_its_reason_and_nothing_of_its_text(cards, harm):
    app, _, bo, told = cards
    spoil(app, f"UPDATE probe_card SET note = {harm} WHERE id = :bo", bo=bo.id)
    lines, events = shown(app)
    assert (lines, [one["code"] for one in events]) == (["Ada, first", "Bo, nothing"], [HARMS[harm]])
    assert [one.code for one in told] == [HARMS[harm]]


def test_the_listener_is_told_once_in_ten_minutes_for_one_cell_and_the_log_each_time(cards):
    app, _, bo, told = cards
    spoil(app, "UPDATE probe_card SET note = 'rubbish' WHERE id = :bo", bo=bo.id)
    assert len(shown(app)[1] + shown(app)[1]) == 2
    assert len(told) == 1


@pytest.fixture
def newer(cards):
    """The second card's note as a newer release would have sealed it, with algorithm 2."""
    app, _, bo, _ = cards
    own = ring().seal(Purpose.FIELD_PII, "card.note", bo.id, b"")
    header, nonce = own[:1] + b"\x02" + own[2:6], os.urandom(12)
    cell = header + nonce + AESGCMSIV(bytes(32)).encrypt(nonce, b"sealed by a newer release", header)
    spoil(app, "UPDATE probe_card SET note = :cell WHERE id = :bo", cell=cell, bo=bo.id)
    return app, bo.id, cell


def test_a_cell_of_a_newer_release_is_shown_as_unreadable(newer):
    app, _, _ = newer
    lines, events = shown(app)
    assert (lines[1], events[0]["code"]) == ("Bo, nothing", "unknown_algorithm")


@pytest.mark.parametrize("value", ["typed again", None])
def test_a_cell_of_a_newer_release_is_not_overwritten_while_the_rest_of_its_row_can_be_edited(newer, value):
    _, bo, cell = newer
    with committed() as session:
        card = session.get(Card, bo)
        with pytest.raises(UnknownAlgorithm, match=r"unknown_algorithm: card\.note"):
            card.note = value
        card.name = "Bo, married"
    with committed() as session:
        assert (session.get(Card, bo).name, session.get(Card, bo)._note) == ("Bo, married", cell)


def test_the_database_too_keeps_a_cell_of_a_newer_release(newer):
    _, bo, cell = newer
    mine = ring().seal(Purpose.FIELD_PII, "card.note", bo, b"an older release")
    with committed() as session:
        with pytest.raises(DataError, match="holds a cell of a newer release"):
            session.execute(text("UPDATE probe_card SET note = :mine WHERE id = :bo"), {"mine": mine, "bo": bo})
        session.rollback()
        assert session.get(Card, bo)._note == cell


def test_a_cell_whose_key_is_missing_is_not_overwritten_since_the_key_may_come_back(cards):
    app, _, bo, _ = cards
    spoil(app, "UPDATE probe_card SET note = set_byte(note, 2, 9) WHERE id = :bo", bo=bo.id)
    with committed() as session, pytest.raises(UnknownKey):
        session.get(Card, bo.id).note = "typed again"
