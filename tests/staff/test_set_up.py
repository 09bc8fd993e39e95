"""One-time links, and the rules of a new password."""

from datetime import timedelta

import pytest
import time_machine
from portal.db import utc_now
from portal.staff.models import MemberState, Role, SetUpLink, StaffMember
from portal.staff.operations.accounts import create_member, issue_link, reset_member, use_link
from portal.staff.rules.passwords import MAX_LENGTH, problem_with_password
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.staff.doorway import submit

GOOD = "seven green kettles sing"


@pytest.fixture
def invited(session):
    member = create_member("jo.adeyemi@tidewell.example", "Jo Adeyemi", Role.VIEWER, "UTC", SYSTEM)
    link = issue_link(member)
    session.commit()
    return member, f"/set-up/{link}"


def test_a_link_opens_the_account_once(anonymous, invited, session):
    member, path = invited
    assert 'value="jo.adeyemi@tidewell.example"' in anonymous.get(path).text
    answer = submit(anonymous, path, password=GOOD)
    assert answer.location == "/login"
    session.refresh(member)
    assert member.state == MemberState.ACTIVE
    assert submit(anonymous, "/login", email=member.email, password=GOOD).location == "/"
    assert anonymous.get(path).status_code == 410


def test_a_link_ends_after_a_day(anonymous, invited):
    with time_machine.travel(utc_now() + timedelta(hours=24)):
        answer = anonymous.get(invited[1])
    assert answer.status_code == 410
    assert "A link works once and for 24 hours" in answer.text


def test_a_made_up_link_reads_like_an_old_one(anonymous):
    assert anonymous.get("/set-up/made-up").status_code == 410


def test_a_newer_link_replaces_the_older(anonymous, invited, session):
    member, path = invited
    newer = issue_link(member)
    session.commit()
    assert anonymous.get(path).status_code == 410
    assert anonymous.get(f"/set-up/{newer}").status_code == 200


def test_the_row_holds_a_hash_of_the_link(invited, session):
    stored = session.scalars(select(SetUpLink.token_hash)).one()
    assert invited[1].encode() not in stored
    assert len(stored) == 32


def test_of_two_uses_one_finds_the_link_gone(invited, session):
    token = invited[1].rpartition("/")[2]
    assert use_link(token, "a hash", SYSTEM) is not None
    assert use_link(token, "another hash", SYSTEM) is None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "Enter a password"),
        ("short", "Use at least 8 characters; 15 or more are better"),
        ("Password123", "among the most common ones"),
        ("aaaabbbbaaaa", "among the most common ones"),
        ("Jo Adeyemi", "your own name or address"),
        ("jo.adeyemi@tidewell.example", "your own name or address"),
        ("x!7" * MAX_LENGTH, "Use at most 1024 characters"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_a_remedy(anonymous, invited, password, said):
    answer = submit(anonymous, invited[1], password=password)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    "password", ["aB3$5678", "only lower case words here", "密码密码密码很长很长", " spaces at the ends "]
)
def test_no_rule_of_composition_is_imposed(password):
    assert problem_with_password(password) is None


def test_the_end_of_a_long_password_counts(anonymous, invited):
    member, path = invited
    long = "kettle and lantern " * 12
    submit(anonymous, path, password=long)
    assert submit(anonymous, "/login", email=member.email, password=long[:-1]).status_code == 422
    assert submit(anonymous, "/login", email=member.email, password=long).status_code == 303


def test_a_reset_ends_sessions_and_takes_both_factors(as_admin, session, anonymous):
    member = session.get_one(StaffMember, as_admin.person.id)
    token = reset_member(member, SYSTEM)
    session.commit()
    assert as_admin.get("/account").status_code == 302
    assert "sign-in was reset" in as_admin.get("/login").text
    submit(anonymous, f"/set-up/{token}", password=GOOD)
    assert submit(anonymous, "/login", email=member.email, password=GOOD).location == "/"
    assert anonymous.get("/").location.startswith("/account/second-factor")
