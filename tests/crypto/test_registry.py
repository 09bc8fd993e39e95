"""The sealed columns of the portal: found in the mapped tables, guarded in the database, their contexts pinned."""

from pathlib import Path
from uuid import UUID

from portal.crypto.census import has_sealed_cells
from portal.crypto.purposes import SEALING
from portal.crypto.registry import sealed_columns
from portal.db import Model, new_id
from sqlalchemy import Uuid, text

from tests.crypto.conftest import Card, ProbeBase, committed

PINNED = Path(__file__).parent / "pinned_contexts.txt"


def test_every_sealed_column_of_the_mapped_tables_is_found():
    found = {(one.table, one.name, str(one.purpose), one.context) for one in sealed_columns(ProbeBase.metadata)}
    assert found == {
        ("probe_card", "name", "field.pii", "card.name"),
        ("probe_card", "note", "field.pii", "card.note"),
        ("probe_letter", "body", "field.message", "letter.body"),
        ("probe_letter", "name", "field.pii", "letter.name"),
    }


def test_no_two_columns_share_a_context_and_each_has_a_purpose_that_seals(app):
    contexts = [one.context for one in sealed_columns()]
    assert sorted(set(contexts)) == sorted(contexts)
    assert {one.purpose for one in sealed_columns()} <= SEALING


def test_contexts_are_pinned_because_stored_cells_cannot_be_read_under_another(app):
    assert sorted(one.context for one in sealed_columns()) == PINNED.read_text().split()


def test_rows_of_the_portal_have_their_id_before_anything_is_sealed_under_it(app):
    sealed = {one.table for one in sealed_columns()}
    chosen = new_id()
    for mapper in Model.registry.mappers:
        if mapper.local_table.name in sealed:
            assert mapper.class_(id=chosen).id == chosen
            assert isinstance(mapper.class_().id, UUID)


def test_tables_with_sealed_columns_have_ids_made_by_the_application(app):
    wrong = [one.table for one in sealed_columns() if not isinstance(one.column.table.c.id.type, Uuid)]
    assert wrong == []


def test_every_sealed_column_is_guarded_in_the_database_with_its_purpose(app, session):
    guards = session.execute(
        text(
            "SELECT c.relname, t.tgargs FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE p.proname = 'heedful_guard_sealed' AND t.tgenabled = 'O'"
        )
    )
    guarded = {f"{table}.{pair.decode()}" for table, pairs in guards for pair in pairs.split(b"\0")[1:-1]}
    assert {f"{one.table}.{one.name}:{one.purpose}" for one in sealed_columns()} == guarded


def test_a_database_knows_whether_it_holds_sealed_cells(probes):
    with committed() as session:
        assert not has_sealed_cells(session, ProbeBase.metadata)
        session.add(Card(name="Ada"))
        session.flush()
        assert has_sealed_cells(session, ProbeBase.metadata)
