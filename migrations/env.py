"""Runs the migrations as the owner of the database, one runner at a time, with short lock waits."""

from alembic import context
from flask import current_app
from migrations.grants import apply_grants
from portal.config.current import current
from sqlalchemy import URL, create_engine, make_url, pool, text

RUNNER_LOCK = 7_203_331_001


def owner_url() -> URL:
    """The URL of the role that owns the tables; the application's own role where only one is configured."""
    settings = current().database
    return make_url((settings.owner_url or settings.url).reveal()).set(drivername="postgresql+psycopg")


def metadata():
    return current_app.extensions["migrate"].db.metadata


def run_offline() -> None:
    context.configure(url="postgresql+psycopg://", target_metadata=metadata(), literal_binds=True)
    with context.begin_transaction():
        context.execute("SET lock_timeout = '4s'")
        context.execute("SET statement_timeout = '60s'")
        context.run_migrations()


def run_online() -> None:
    engine = create_engine(owner_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        # A second runner waits here and then finds nothing left to do.
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": RUNNER_LOCK})
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=metadata(), compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            apply_grants(connection, current_app.config["SQLALCHEMY_DATABASE_URI"])


if context.is_offline_mode():
    run_offline()
else:
    run_online()
