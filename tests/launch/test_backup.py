"""Backup and restore with PostgreSQL's own programs."""

import psycopg
import pytest
from portal.launch import backup
from portal.launch.environment import Surroundings
from portal.launch.failure import LaunchError
from portal.launch.lock import only_launcher
from portal.launch.postgres import EmbeddedPostgres

from tests.launch.launched import clean, short_folder


@pytest.fixture
def var():
    folder = short_folder()
    yield folder
    clean(folder)


@pytest.fixture
def here(var, own_database, tmp_path):
    """A project whose configured database is a migrated one of this test."""
    variables = {**own_database.environment(), "HEEDFUL_VAR_DIR": str(var)}
    return Surroundings(tmp_path, variables)


def test_a_restore_brings_back_what_was_there_and_removes_what_was_not(here, own_database, capsys):
    with own_database.connect() as owner:
        owner.execute("CREATE TABLE note AS SELECT 'kept' AS line")
        file = backup.back_up(here)
        owner.execute("DROP TABLE note")
        owner.execute("CREATE TABLE later (line text)")
        backup.bring_back(here, file)
        assert owner.execute("SELECT line FROM note").fetchall() == [("kept",)]
        assert owner.execute("SELECT to_regclass('later')").fetchone() == (None,)
    with own_database.connect("heedful_app") as app:
        assert app.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM audit_entry")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "needs the DB_ENCRYPTION_KEY of today" in capsys.readouterr().out
    assert [part.name for part in file.parent.iterdir()] == [file.name]


def test_a_restore_that_fails_half_way_changes_nothing(here, own_database, var):
    with own_database.connect() as owner:
        owner.execute("CREATE TABLE note AS SELECT 'kept' AS line")
        file = backup.back_up(here)
        file.write_bytes(file.read_bytes()[:-200])
        with pytest.raises(LaunchError, match="pg_restore failed"):
            backup.bring_back(here, file)
        assert owner.execute("SELECT line FROM note").fetchall() == [("kept",)]
    assert list(file.parent.glob("*.part")) == []


def test_a_backup_that_fails_leaves_no_file(here, var):
    here.environ["DATABASE_OWNER_URL"] = here.environ["DATABASE_OWNER_URL"].replace("/w", "/missing")
    with pytest.raises(LaunchError, match="pg_dump failed: The database does not exist"):
        backup.back_up(here)
    assert list((var / "backups").iterdir()) == []


def test_the_embedded_server_is_started_for_a_backup_and_stopped_again(var, tmp_path):
    here = Surroundings(tmp_path, {"HEEDFUL_VAR_DIR": str(var)})
    file = backup.back_up(here)
    assert not EmbeddedPostgres(var).is_running()
    postgres = EmbeddedPostgres(var)
    postgres.start()
    backup.bring_back(here, file)
    assert postgres.is_running()
    postgres.stop()


def test_nothing_is_restored_under_a_running_portal_or_from_nowhere(here, var, tmp_path):
    file = tmp_path / "x.dump"
    with pytest.raises(LaunchError, match="There is no file"):
        backup.bring_back(here, file)
    file.touch()
    (var / "run").mkdir()
    with only_launcher(var / "run" / "launch.lock"), pytest.raises(LaunchError, match="stop it with `make stop`"):
        backup.bring_back(here, file)


def test_a_password_never_stands_on_a_command_line():
    url, secret = backup.without_password("postgresql+psycopg://ann:p%40ss@db.tidewell.example:5433/heedful?x=1")
    assert url == "postgresql://ann@db.tidewell.example:5433/heedful?x=1"
    assert secret == {"PGPASSWORD": "p@ss"}
