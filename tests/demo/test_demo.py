"""The invented company: made once, told on the command line, removed without a trace but the audit log's."""

import json

import pytest
from portal.config.current import current, install
from portal.demo.operations import DEMO_PASSWORD, PEOPLE
from portal.settings.operations import change
from portal.settings.queries import forget_everything, list_settings
from portal.settings.rules import organisation
from portal.staff.models import MemberState, StaffMember
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.staff.doorway import give_code, submit


@pytest.fixture
def flask(isolation):
    forget_everything()
    yield isolation.test_cli_runner().invoke
    forget_everything()


@pytest.fixture
def public_later():
    """Makes the portal one that others can reach, when called."""
    before = current()
    general = before.general.model_copy(update={"chosen_base_url": "https://heedful.tidewell.example"})
    yield lambda: install(before.model_copy(update={"general": general}))
    install(before)


@pytest.fixture
def public(public_later):
    public_later()


def test_loading_makes_one_person_of_each_role(flask, session):
    assert flask(args=["demo", "load"]).output.endswith("Demo staff made: 4.\n")
    members = session.scalars(select(StaffMember)).all()
    assert {(m.full_name, m.role) for m in members} == {(name, role) for _, name, role in PEOPLE}
    assert all(m.is_demo for m in members)


def test_loading_twice_changes_nothing(flask):
    flask(args=["demo", "load"])
    assert flask(args=["demo", "load"]).output.endswith("Demo staff made: 0.\n")


def test_the_printed_sign_ins_open_the_door(flask, anonymous):
    flask(args=["demo", "load"])
    lines = json.loads(flask(args=["demo", "sign-ins", "--json"]).output.splitlines()[-1])
    admin = next(line for line in lines if line["role"] == "Administrator")
    submit(anonymous, "/login", email=admin["email"], password=admin["password"])
    assert give_code(anonymous, admin["code"]).location == "/"


def test_the_list_for_people_names_everybody_and_codes_only_where_there_are_any(flask):
    flask(args=["demo", "load"])
    output = flask(args=["demo", "sign-ins"]).output
    assert output.count(DEMO_PASSWORD) == 4
    assert output.count("   code ") == 2


def test_accounts_that_no_longer_take_the_demo_password_are_not_listed(flask, session):
    flask(args=["demo", "load"])
    first, second, *_ = session.scalars(select(StaffMember).order_by(StaffMember.id)).all()
    first.password_hash, second.state = None, MemberState.DISABLED
    session.commit()
    assert flask(args=["demo", "sign-ins"]).output.count(DEMO_PASSWORD) == 2


def test_removing_needs_an_administrator_of_ones_own(flask, person, session):
    flask(args=["demo", "load"])
    refused = flask(args=["demo", "remove"])
    assert refused.exit_code == 1
    assert "last administrator" in refused.output
    person("admin")
    assert flask(args=["demo", "remove"]).output.endswith("Demo staff removed: 4.\n")
    assert len(session.scalars(select(StaffMember.id)).all()) == 1


def test_the_company_has_a_name_until_it_is_removed(flask, person, anonymous):
    flask(args=["demo", "load"])
    forget_everything()
    assert "Tidewell, own server" in anonymous.get("/login").text
    assert "mailto:security@tidewell.example" in anonymous.get("/.well-known/security.txt").text
    person("admin")
    flask(args=["demo", "remove"])
    forget_everything()
    assert "Your organisation, own server" in anonymous.get("/login").text


def test_words_that_staff_chose_outlive_the_demo(flask, person, session):
    flask(args=["demo", "load"])
    person("admin")
    change(organisation.NAME, "Marram", SYSTEM)
    session.commit()
    known = [organisation.NAME, organisation.TIME_ZONE]
    flask(args=["demo", "remove"])
    assert [one.value for one in list_settings(session, known)] == ["Marram", "UTC"]
    flask(args=["demo", "load"])
    assert [one.value for one in list_settings(session, known)] == ["Marram", "Europe/London"]


def test_removing_nothing_is_fine(flask):
    assert flask(args=["demo", "remove"]).exit_code == 0


def test_demo_accounts_are_shut_once_others_can_reach_the_portal(flask, anonymous, public_later):
    flask(args=["demo", "load"])
    public_later()
    answer = submit(anonymous, "/login", email="tom.berg@tidewell.example", password=DEMO_PASSWORD)
    assert answer.status_code == 422


@pytest.mark.parametrize("command", ["load", "sign-ins"])
def test_demo_accounts_are_refused_where_others_can_reach_the_portal(flask, public, command):
    answer = flask(args=["demo", command])
    assert answer.exit_code == 1
    assert "PUBLIC_BASE_URL is not on this machine" in answer.output
