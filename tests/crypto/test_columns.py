"""Sealed columns: what assigning and reading do, and what they refuse."""

import uuid

import pytest
from portal.crypto.columns import SealedText, Undecryptable
from portal.db import new_id
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from tests.crypto.conftest import Card, committed, spoil


def test_text_comes_back_as_it_was_and_is_stored_sealed(probes):
    with committed() as session:
        session.add(Card(name="Ada Tidewell", note=""))
    with committed() as session:
        stored = session.scalars(select(Card)).one()
        raw = session.execute(text("SELECT name FROM probe_card")).scalar_one()
        assert (stored.name, stored.note) == ("Ada Tidewell", "")
    assert raw[0] == 0xC1
    assert b"Tidewell" not in raw


def test_nothing_stays_nothing(probes):
    with committed() as session:
        session.add(Card(name="Ada", note=None))
    with committed() as session:
        assert session.scalars(select(Card)).one().note is None
        assert session.execute(text("SELECT note FROM probe_card")).scalar_one() is None


def test_a_new_row_has_its_id_before_anything_is_sealed_whatever_the_order_of_arguments(probes):
    chosen = new_id()
    card = Card(name="Ada", id=chosen)
    assert (card.id, card.name) == (chosen, "Ada")
    assert isinstance(Card().id, uuid.UUID)


def test_an_edit_is_sealed_anew_and_other_columns_stay_untouched(probes):
    with committed() as session:
        session.add(Card(name="Ada", note="first"))
    with committed() as session:
        before = session.execute(text("SELECT name, note FROM probe_card")).one()
        session.scalars(select(Card)).one().note = "second"
    with committed() as session:
        after = session.execute(text("SELECT name, note FROM probe_card")).one()
        assert session.scalars(select(Card)).one().note == "second"
    assert (after.name == before.name, after.note == before.note) == (True, False)


@pytest.mark.parametrize("value", [b"bytes", 7, Undecryptable("integrity_failed"), "lone \ud800 surrogate"])
def test_only_readable_text_can_be_assigned_and_the_refusal_does_not_repeat_it(probes, value):
    with pytest.raises(TypeError, match=r"^card\.name takes text") as refused:
        Card(name=value)
    assert "surrogate'" not in str(refused.value)


def test_plaintext_cannot_be_bound_to_the_column_and_is_not_shown(probes):
    with committed() as session, pytest.raises(StatementError) as refused:
        session.execute(insert(Card).values(_name=b"Ada Tidewell"))
    assert "card.name takes sealed cells only" in str(refused.value)
    assert "Tidewell" not in str(refused.value)


@pytest.mark.parametrize(
    "search",
    [
        lambda: Card.name == "Ada",
        lambda: Card.name != "Ada",
        lambda: Card.name < "Ada",
        lambda: Card.name.in_(["Ada"]),
        lambda: Card.name.ilike("a%"),
        lambda: Card.note.is_(None),
    ],
)
def test_a_search_on_a_sealed_column_is_refused_instead_of_finding_nothing(search):
    with pytest.raises(TypeError, match="blind index"):
        search()


def test_the_descriptor_itself_is_seen_on_the_class():
    assert isinstance(Card.name, SealedText)
    assert len({Card.name, Card.note}) == 2


def test_a_damaged_cell_can_be_repaired_by_typing_it_again(probes):
    with committed() as session:
        session.add(Card(name="Ada", note="kept"))
    spoil(probes, "UPDATE probe_card SET name = 'rubbish'")
    with committed() as session:
        card = session.scalars(select(Card)).one()
        assert isinstance(card.name, Undecryptable)
        card.name = "Ada again"
    with committed() as session:
        assert session.scalars(select(Card)).one().name == "Ada again"


def test_the_marker_shows_as_a_phrase_counts_as_empty_and_equals_nothing():
    marker, other = Undecryptable("integrity_failed"), Undecryptable("integrity_failed")
    assert (f"{marker}", marker.code, bool(marker)) == ("cannot be decrypted", "integrity_failed", False)
    assert marker != "cannot be decrypted"
    assert marker != other
    assert marker == marker  # noqa: PLR0124 - the one thing it equals
    assert len({marker, other}) == 2
