"""Whether a process may serve, and how our settings reach Flask."""

import pytest
import wsgi
from portal.app import NotReady, database_url, flask_settings, prepare
from portal.config.current import current, install, reset
from portal.config.secret import Secret

from tests.fixtures.database import app_on


def ready(database, **variables):
    with app_on(database, **variables) as app:
        prepare(app)
        return True


def test_a_migrated_database_with_the_right_keys_may_be_served(own_database):
    assert ready(own_database)


def test_a_database_that_is_away_is_said_with_the_remedy(own_database):
    with pytest.raises(NotReady, match="PostgreSQL does not answer"):
        ready(own_database, DATABASE_URL="postgresql://heedful_app@/heedful?host=/nowhere")


def test_tables_of_another_version_are_refused_by_name(own_database):
    with own_database.connect() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001_base'")
    with pytest.raises(NotReady, match="is at version 0001_base") as refusal:
        ready(own_database)
    assert str(refusal.value).endswith("Run `flask --app wsgi db upgrade`.")


def test_an_empty_database_is_refused(own_database):
    with own_database.connect() as connection:
        connection.execute("DELETE FROM alembic_version")
    with pytest.raises(NotReady, match="is at version none"):
        ready(own_database)


def test_a_wrong_master_key_is_refused_and_not_told(own_database):
    wrong = "test-only-Qm3xW8sV5rN1tL7yC2bK9pJ4hD6gF0zA"
    with pytest.raises(NotReady) as refusal:
        ready(own_database, DB_ENCRYPTION_KEY=wrong)
    assert wrong not in str(refusal.value)


def test_the_server_gets_a_checked_application(own_database, monkeypatch):
    with app_on(own_database):
        assert wsgi.serve().name == "portal.app"


def test_the_server_stops_with_a_sentence_and_no_trace(own_database, capsys):
    away = "postgresql://heedful_app@/heedful?host=/nowhere"
    with app_on(own_database, DATABASE_URL=away), pytest.raises(SystemExit) as stop:
        wsgi.serve()
    assert stop.value.code == 1
    shown = capsys.readouterr().err
    assert shown.startswith("PostgreSQL does not answer.")
    assert "Traceback" not in shown


def test_the_flask_command_finds_an_application_and_nothing_else(own_database):
    with app_on(own_database):
        assert wsgi.app.name == "portal.app"
    with pytest.raises(AttributeError):
        _ = wsgi.application


def test_a_program_that_is_no_flask_command_gets_no_application_from_wrong_settings(monkeypatch, capsys):
    before = current()
    reset()
    monkeypatch.setenv("PORT", "many")
    with pytest.raises(SystemExit) as stop:
        _ = wsgi.app
    install(before)
    assert stop.value.code == 2
    assert "PORT is not a whole number" in capsys.readouterr().err


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_the_address_is_spoken_by_psycopg_3(app, scheme):
    group = current().database.model_copy(update={"url": Secret(f"{scheme}://u@h/d")})
    config = current().model_copy(update={"database": group})
    assert database_url(config) == "postgresql+psycopg://u@h/d"


def test_earlier_secret_keys_are_still_read(app):
    group = current().security.model_copy(update={"secret_key_fallbacks": (Secret("old"),)})
    assert flask_settings(current().model_copy(update={"security": group}))["SECRET_KEY_FALLBACKS"] == ["old"]


def test_installing_again_changes_nothing_and_loads_the_demo_only_when_asked(own_app):
    run = own_app.test_cli_runner().invoke
    assert run(args=["install"]).output.endswith("All data keys are there.\n")
    assert run(args=["install", "--demo"]).output.endswith("Demo staff made: 4.\n")
