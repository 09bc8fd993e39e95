"""Sealed columns: what assigning and reading do, and what they refuse."""

import uuid

from portal.db import new_id
from sqlalchemy import select, text

from tests.crypto.conftest import Card, committed


def test_text_comes_back_as_it_was_and_is_stored_sealed(probes):
    card = Card(name="Ada Tidewell", note="")
    with committed() as session:
        session.add(card)
    with committed() as session:
        stored = session.scalars(select(Card)).one()
        raw = session.execute(text("SELECT name FROM probe_card")).scalar_one()
        assert (stored.name, stored.note) == ("Ada Tidewell", "")
    assert raw[0] == 0xC1
    assert b"Tidewell" not in raw


def test_a_new_row_has_its_id_before_anything_is_sealed_whatever_the_order_of_arguments(probes):
    chosen = new_id()
    assert Card(name="Ada", id=chosen).id == chosen
    assert Card(name="Ada", id=chosen).name == "Ada"
    assert isinstance(Card().id, uuid.UUID)
