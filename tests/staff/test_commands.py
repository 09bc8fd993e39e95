"""`flask staff …`: what it makes, what it refuses, and the exit codes."""

import re

import pytest
from portal.audit.models import AuditEntry
from portal.crypto.keyring import forget_rings
from portal.db import db
from portal.staff.models import MemberState, StaffMember
from sqlalchemy import select

from tests.fixtures.database import run_as_superuser

NEW = [
    "staff",
    "create",
    "--email",
    "jo.adeyemi@tidewell.example",
    "--name",
    "Jo Adeyemi",
    "--role",
    "compliance_officer",
]


@pytest.fixture
def flask(isolation):
    return lambda *args, **options: isolation.test_cli_runner().invoke(args=args, **options)


def member(session, who):
    return session.get_one(StaffMember, who.id, populate_existing=True)


def test_create_prints_a_link_that_works(flask, anonymous, session):
    answer = flask(*NEW)
    assert answer.exit_code == 0
    path = re.search(r"http://127.0.0.1:\d+(/set-up/\S+)", answer.output)[1]
    assert anonymous.get(path).status_code == 200
    made = session.scalars(select(StaffMember)).one()
    assert (made.full_name, made.role, made.state) == ("Jo Adeyemi", "compliance_officer", "invited")
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry.action == "staff.member_created"
    assert entry.actor_label.startswith("Command line, ")


def test_create_asks_for_what_is_missing(flask, session):
    answer = flask("staff", "create", input="jo.adeyemi@tidewell.example\nJo Adeyemi\nviewer\n")
    assert answer.exit_code == 0
    assert session.scalars(select(StaffMember.role)).all() == ["viewer"]


def test_one_address_has_one_account_however_it_is_spelled(flask):
    flask(*NEW)
    answer = flask("staff", "create", "--email", "Jo.Adeyemi@TIDEWELL.example", "--name", "Jo", "--role", "viewer")
    assert answer.exit_code == 1
    assert "There is an account with this address already" in answer.output


def test_what_is_no_address_is_refused(flask):
    answer = flask("staff", "create", "--email", "nobody", "--name", "Jo", "--role", "viewer")
    assert answer.exit_code == 1
    assert "part before and a part after" in answer.output


def test_reset_prints_a_new_link_and_shuts_the_old_sign_in(flask, as_admin, session):
    answer = flask("staff", "reset", as_admin.person.email)
    assert "/set-up/" in answer.output
    assert as_admin.get("/account").status_code == 302
    row = member(session, as_admin.person)
    assert (row.password_hash, row.has_second_factor, row.state) == (None, False, "invited")


def test_an_unknown_address_is_named_with_a_remedy(flask):
    answer = flask("staff", "reset", "nobody@tidewell.example")
    assert answer.exit_code == 1
    assert "staff create" in answer.output


def test_disable_and_enable(flask, person, session):
    viewer = person("viewer")
    assert flask("staff", "disable", viewer.email).exit_code == 0
    assert member(session, viewer).state == MemberState.DISABLED
    assert "Enable it first" in flask("staff", "reset", viewer.email).output
    assert flask("staff", "enable", viewer.email).exit_code == 0
    assert member(session, viewer).state == MemberState.ACTIVE


def test_enabling_somebody_who_never_had_a_password_leaves_them_invited(flask, session):
    flask(*NEW)
    flask("staff", "disable", "jo.adeyemi@tidewell.example")
    flask("staff", "enable", "jo.adeyemi@tidewell.example")
    assert session.scalars(select(StaffMember.state)).one() == "invited"


@pytest.mark.parametrize("words", [("disable",), ("role", "viewer")])
def test_the_last_administrator_stays(flask, person, words):
    admin = person("admin")
    command, *rest = words
    answer = flask("staff", command, admin.email, *rest)
    assert answer.exit_code == 1
    assert "last administrator" in answer.output
    person("admin")
    assert flask("staff", command, admin.email, *rest).exit_code == 0


def test_a_new_role_is_in_the_audit_log_with_before_and_after(flask, person, session):
    viewer = person("viewer")
    assert flask("staff", "role", viewer.email, "admin").exit_code == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.role_changed")).one()
    assert entry.changes == [["staff_member.role", "internal", "viewer", "admin"]]


def test_without_its_keys_the_command_could_not_run(own_app, own_database):
    forget_rings()
    with own_database.connect("postgres") as connection:
        connection.execute("TRUNCATE crypto_key CASCADE")
    answer = own_app.test_cli_runner().invoke(args=NEW)
    forget_rings()
    assert answer.exit_code == 2
    assert "key" in answer.output


def test_without_its_database_the_command_could_not_run(own_app, own_database):
    with own_app.app_context():
        db.engine.dispose()
    run_as_superuser(f"ALTER DATABASE {own_database.name} ALLOW_CONNECTIONS false")
    answer = own_app.test_cli_runner().invoke(args=NEW)
    run_as_superuser(f"ALTER DATABASE {own_database.name} ALLOW_CONNECTIONS true")
    assert answer.exit_code == 2
    assert "The database does not answer" in answer.output
