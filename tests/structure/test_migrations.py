"""The migrations: one line of history, equal to the models, and passable in both directions."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from portal.db import db
from sqlalchemy import create_engine, inspect

from tests.structure.sources import ROOT


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head():
    assert len(scripts().get_heads()) == 1


def test_revisions_are_numbered_in_the_order_they_run():
    order = [script.revision for script in reversed(list(scripts().walk_revisions()))]
    assert order == sorted(order)


def test_the_migrated_database_equals_the_models(app, session):
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, db.metadata) == []


def test_every_migration_runs_down_and_up_again(own_app, own_database):
    engine = create_engine(own_database.owner_url)
    with own_app.app_context():
        downgrade(revision="base")
        assert inspect(engine).get_table_names() == ["alembic_version"]
        upgrade()
    assert set(db.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()
