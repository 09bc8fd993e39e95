"""Every column says how sensitive it is, in the model and in the database alike."""

import re

from portal.db import DataClass, db
from sqlalchemy import inspect, text

IDENTIFYING = re.compile(r"(^|_)(e?mail|phone|first_name|last_name|full_name|address|birth)($|_)")


def mapped_columns():
    return [column for table in db.metadata.sorted_tables for column in table.columns]


def test_every_mapped_column_declares_its_data_class(app):
    undeclared = [
        f"{c.table.name}.{c.name}" for c in mapped_columns() if not isinstance(c.info.get("data_class"), DataClass)
    ]
    assert undeclared == []


def test_every_column_of_the_database_says_its_class_and_meaning(app, session):
    classes = tuple(f"{kind}: " for kind in DataClass)
    silent = [
        f"{table}.{column['name']}"
        for table in inspect(session.connection()).get_table_names()
        if table != "alembic_version"
        for column in inspect(session.connection()).get_columns(table)
        if not (column.get("comment") or "").startswith(classes)
    ]
    assert silent == []


def test_the_database_and_the_models_give_every_column_the_same_comment(app, session):
    inspector = inspect(session.connection())
    stored = {(t, c["name"]): c.get("comment") for t in inspector.get_table_names() for c in inspector.get_columns(t)}
    differing = [
        f"{c.table.name}.{c.name}" for c in mapped_columns() if stored.get((c.table.name, c.name)) != c.comment
    ]
    assert differing == []


def test_no_column_named_like_personal_data_is_stored_in_plain_text(app):
    plain = [
        f"{c.table.name}.{c.name}"
        for c in mapped_columns()
        if IDENTIFYING.search(c.name) and c.info["data_class"] in {DataClass.PUBLIC, DataClass.INTERNAL, DataClass.PII}
    ]
    assert plain == []


def test_every_table_with_updated_at_has_the_trigger_that_keeps_it(app, session):
    touched = set(
        session.execute(
            text(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'heedful_touch_updated_at'"
            )
        ).scalars()
    )
    expected = {table.name for table in db.metadata.sorted_tables if "updated_at" in table.columns}
    assert expected - touched == set()
