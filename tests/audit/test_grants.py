"""Grants after a migration, on servers that look different from ours."""

import psycopg
import pytest
from migrations.grants import apply_grants
from sqlalchemy import create_engine


@pytest.fixture
def owner(own_database):
    engine = create_engine(own_database.owner_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def rights(own_database, role: str) -> set[str]:
    with own_database.connect() as connection:
        rows = connection.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND table_name = 'audit_entry'",
            [role],
        )
        return {row[0] for row in rows}


def test_applying_them_again_takes_back_what_somebody_added(owner, own_database):
    with own_database.connect() as connection:
        connection.execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_entry TO heedful_app")
    apply_grants(owner, own_database.app_url)
    owner.commit()
    assert rights(own_database, "heedful_app") == {"SELECT", "INSERT"}
    assert rights(own_database, "heedful_audit") == {"SELECT"}


def test_a_role_with_a_name_of_the_customers_own_gets_the_same(owner, own_database):
    with own_database.connect("postgres") as superuser:
        superuser.execute('CREATE ROLE "Portal-App" LOGIN')
        try:
            apply_grants(owner, own_database.url("Portal-App"))
            owner.commit()
            assert rights(own_database, "Portal-App") == {"SELECT", "INSERT"}
        finally:
            superuser.execute('DROP OWNED BY "Portal-App"')
            superuser.execute('DROP ROLE "Portal-App"')


@pytest.mark.parametrize("role", ["heedful_owner", "nobody_of_this_name"])
def test_an_owner_or_an_unknown_role_is_left_alone(owner, own_database, role):
    before = rights(own_database, "heedful_owner")
    apply_grants(owner, own_database.url(role))
    owner.commit()
    assert rights(own_database, "heedful_owner") == before


def test_the_app_cannot_write_the_version_of_the_tables(own_database):
    with own_database.connect("heedful_app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE alembic_version SET version_num = 'x'")
