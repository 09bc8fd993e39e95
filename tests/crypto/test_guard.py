"""The trigger on tables with sealed columns: what the database itself refuses (scenario 9)."""

import pytest
from portal.crypto.keyring import ring
from portal.crypto.lifecycle import create_key
from portal.crypto.purposes import Purpose
from portal.db import new_id
from sqlalchemy import text
from sqlalchemy.exc import DataError

from tests.crypto.conftest import Card, committed

INSERT = text("INSERT INTO probe_card (id, name, note) VALUES (:id, :name, :note)")


def cell(row_id, purpose=Purpose.FIELD_PII, value=b"Ada"):
    return ring().seal(purpose, "card.name", row_id, value)


def refused(**values) -> tuple[str, str]:
    """The code and the text with which the database refuses this row."""
    with committed() as session:
        with pytest.raises(DataError) as error:
            session.execute(INSERT, {"id": new_id(), "note": None, **values})
        session.rollback()
        return error.value.orig.sqlstate, error.value.orig.diag.message_primary


@pytest.mark.parametrize("plaintext", [b"", b"Ada", b"Ada Tidewell of 12 Harbour Road, Tidewell", b"\xc1" * 33])
def test_plaintext_is_refused_in_every_sealed_column_without_repeating_it(probes, plaintext):
    assert refused(name=plaintext) == ("22H01", "probe_card.name takes sealed cells only")
    good = new_id()
    assert refused(id=good, name=cell(good), note=plaintext) == ("22H01", "probe_card.note takes sealed cells only")


def test_plaintext_is_refused_in_an_update_too(probes):
    with committed() as session:
        session.add(Card(name="Ada"))
    with committed() as session:
        with pytest.raises(DataError, match="takes sealed cells only"):
            session.execute(text("UPDATE probe_card SET name = 'Ada'"))
        session.rollback()


def test_a_cell_under_a_key_of_another_purpose_is_refused(probes):
    row_id = new_id()
    code, message = refused(id=row_id, name=cell(row_id, Purpose.CREDENTIAL))
    assert (code, message.rpartition(" ")[0]) == ("22H03", "probe_card.name takes no cell under key")


def test_a_cell_under_a_key_that_was_never_made_is_refused(probes):
    unknown = b"\xc1\x01\xff\xff\xff\xff" + bytes(30)
    assert refused(name=unknown) == ("22H03", "probe_card.name takes no cell under key 4294967295")


def test_a_cell_of_an_algorithm_this_release_does_not_know_is_refused(probes):
    row_id = new_id()
    assert refused(id=row_id, name=b"\xc1\x02" + cell(row_id)[2:])[0] == "22H02"


def test_a_key_that_is_not_active_yet_is_not_written_with(probes):
    with committed() as session:
        pending = create_key(session, Purpose.FIELD_PII).id
    row_id = new_id()
    header = b"\xc1\x01" + pending.to_bytes(4, "big")
    assert refused(id=row_id, name=header + cell(row_id)[6:])[0] == "22H04"


def test_a_cell_that_does_not_change_passes_whatever_it_is(probes):
    with committed() as session:
        session.add(Card(name="Ada", note="n"))
    with committed() as session:
        session.execute(text("UPDATE probe_card SET name = name, note = NULL"))
        assert session.execute(text("SELECT note FROM probe_card")).scalar_one() is None
