"""The promises other tests rest on."""

from portal.db import db, new_session, transaction
from sqlalchemy import text


def make_table(session):
    session.execute(text("CREATE TEMP TABLE IF NOT EXISTS note (line text)"))


def test_a_commit_in_a_test_is_seen_by_a_session_of_its_own(session):
    make_table(session)
    with transaction():
        session.execute(text("INSERT INTO note VALUES ('one')"))
    with new_session() as other:
        assert other.scalar(text("SELECT count(*) FROM note")) == 1


def test_nothing_of_another_test_is_left(session):
    assert session.scalar(text("SELECT to_regclass('pg_temp.note')")) is None
    make_table(session)
    session.commit()


def test_a_rollback_inside_a_test_keeps_what_was_committed_before(session):
    make_table(session)
    session.execute(text("INSERT INTO note VALUES ('kept')"))
    session.commit()
    session.execute(text("INSERT INTO note VALUES ('lost')"))
    session.rollback()
    assert session.scalars(text("SELECT line FROM note")).all() == ["kept"]


def test_the_application_is_not_the_owner_of_its_tables(session):
    assert session.scalar(text("SELECT current_user")) == "heedful_app"


def test_an_own_database_keeps_real_commits_for_other_connections(own_app, own_database):
    with own_database.connect() as owner:
        owner.execute("CREATE TABLE note (line text)")
    with own_app.app_context(), transaction() as session:
        session.execute(text("INSERT INTO note VALUES ('one')"))
    with own_database.connect() as owner:
        assert owner.execute("SELECT line FROM note").fetchall() == [("one",)]


def test_an_own_database_is_migrated(own_database):
    with own_database.connect() as owner:
        assert owner.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_each_request_has_a_context_of_its_own(session, isolation, anonymous):
    seen = []
    isolation.before_request_funcs.setdefault(None, []).append(lambda: seen.append(db.session()))
    try:
        anonymous.get("/nowhere")
    finally:
        isolation.before_request_funcs[None].pop()
    assert seen[0] is not session
