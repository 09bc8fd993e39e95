"""The door: password, second factor, what it says and what it keeps quiet."""

import re
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from portal.audit.models import AuditEntry
from portal.db import db, utc_now
from portal.staff.models import SignInAttempt, StaffMember, StaffSession
from portal.staff.rules.second_factor import CODE_TRIES
from sqlalchemy import event, select

from tests.staff.doorway import give_code, give_password, submit

WRONG = "This email and password do not belong together"


def entries(session, action="staff.sign_in"):
    return session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)).all()


def test_a_viewer_signs_in_with_the_password_alone_under_their_own_name(anonymous, person, session):
    viewer = person("viewer")
    answer = give_password(anonymous, viewer)
    assert (answer.status_code, answer.location) == (303, "/")
    assert anonymous.get("/account").status_code == 200
    entry = entries(session)[-1]
    assert (entry.outcome, entry.actor_id, entry.auth_method) == ("done", viewer.id, "password")


def test_an_administrator_gives_a_code_too(anonymous, person, session):
    admin = person("admin")
    first = give_password(anonymous, admin)
    assert first.location == "/login/verify?next=/"
    assert anonymous.get("/account").status_code == 302
    assert give_code(anonymous, admin.code()).location == "/"
    assert anonymous.get("/account").status_code == 200
    entry = entries(session)[-1]
    assert (entry.reason, entry.actor_id, entry.auth_method) == ("password+totp", admin.id, "password+totp")


def test_the_way_a_person_wanted_to_go_is_kept_through_both_steps(anonymous, person):
    admin = person("admin")
    first = give_password(anonymous, admin, path="/login?next=/account/security")
    assert first.location == "/login/verify?next=/account/security"
    assert give_code(anonymous, admin.code(), first.location).location == "/account/security"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_site(anonymous, person, elsewhere):
    assert give_password(anonymous, person("viewer"), path=f"/login?next={elsewhere}").location == "/"


def test_wrong_password_and_unknown_account_read_the_same(anonymous, person):
    viewer = person("viewer")
    wrong = give_password(anonymous, viewer, "not the password")
    unknown = submit(anonymous, "/login", email="nobody@tidewell.example", password="not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.text
    said = [re.sub(r'value="[^"]*"|content="[^"]*"', "", answer.text) for answer in (wrong, unknown)]
    assert said[0] == said[1]


def test_wrong_password_and_unknown_account_do_the_same_work(anonymous, person, session):
    """The same statements in the same order, and one password check each: time tells nothing either."""
    viewer = person("viewer")
    statements: list[str] = []
    note = lambda *facts: statements.append(re.sub(r"\d+", "", facts[2]))  # noqa: E731 - savepoints are numbered
    event.listen(session.connection(), "before_cursor_execute", note)
    give_password(anonymous, viewer, "not the password")
    half = len(statements)
    submit(anonymous, "/login", email="nobody@tidewell.example", password="not the password")
    # The settings are looked up once in a while, whoever comes.
    known, unknown = ([s for s in part if "setting" not in s] for part in (statements[:half], statements[half:]))
    assert known == unknown
    assert len(known) > 5


@pytest.mark.parametrize("state", ["invited", "disabled"])
def test_an_account_that_is_not_active_is_refused_like_an_unknown_one(anonymous, person, session, state):
    viewer = person("viewer")
    session.get_one(StaffMember, viewer.id).state = state
    session.commit()
    assert WRONG in give_password(anonymous, viewer).text
    assert entries(session)[-1].reason == "no_such_active_account"


def test_an_address_that_cannot_be_one_is_pointed_out_without_a_lookup(anonymous, session):
    answer = submit(anonymous, "/login", email="no address", password="anything")
    assert "Enter an email address such as" in answer.text
    assert session.scalars(select(SignInAttempt)).all() == []


def test_five_wrong_answers_are_free_then_the_wait_is_said_and_grows(anonymous, person, session):
    viewer = person("viewer")
    with time_machine.travel(utc_now(), tick=False) as clock:
        for _ in range(5):
            assert give_password(anonymous, viewer, "wrong").status_code == 422
        throttled = give_password(anonymous, viewer)
        assert throttled.status_code == 429
        assert "Wait 1 second and" in throttled.text
        assert throttled.headers["Retry-After"]
        clock.shift(timedelta(seconds=2))
        assert give_password(anonymous, viewer, "wrong").status_code == 422
        assert "Wait 2 seconds and" in give_password(anonymous, viewer).text
        clock.shift(timedelta(seconds=3))
        assert give_password(anonymous, viewer).status_code == 303


def test_somebody_else_is_not_held_up_by_wrong_answers_from_another_address(isolation, anonymous, person):
    viewer = person("viewer")
    for _ in range(6):
        give_password(anonymous, viewer, "wrong")
    elsewhere = isolation.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert give_password(elsewhere, viewer).status_code == 303


def test_unknown_accounts_wait_as_well(anonymous):
    answers = [submit(anonymous, "/login", email="x@tidewell.example", password="wrong") for _ in range(6)]
    assert answers[-1].status_code == 429


def test_a_code_works_once(isolation, anonymous, person):
    admin = person("admin")
    code = admin.code()
    give_password(anonymous, admin)
    assert give_code(anonymous, code).status_code == 303
    again = isolation.test_client()
    give_password(again, admin)
    replayed = give_code(again, code)
    assert replayed.status_code == 422
    assert "already used. You have 4 tries left" in replayed.text


def test_a_code_of_another_half_minute_is_taken_but_not_an_older_one(anonymous, person):
    admin = person("admin")
    give_password(anonymous, admin)
    assert give_code(anonymous, admin.code(steps_ahead=3)).status_code == 422
    assert give_code(anonymous, admin.code(steps_ahead=1)).status_code == 303


def test_five_wrong_codes_end_the_half_session_and_name_the_reason(anonymous, person, session):
    admin = person("admin")
    give_password(anonymous, admin)
    answers = [give_code(anonymous, "000000") for _ in range(CODE_TRIES)]
    assert "You have 1 try left" in answers[-2].text
    assert answers[-1].location == "/login?next=/"
    assert "Too many wrong codes" in anonymous.get("/login").text
    assert session.scalars(select(StaffSession.ended_reason)).all() == ["too_many_codes"]


def test_wrong_codes_count_from_every_address(isolation, anonymous, person):
    admin = person("admin")
    elsewhere = isolation.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    with time_machine.travel(utc_now(), tick=False):
        give_password(anonymous, admin)
        for _ in range(CODE_TRIES):
            give_code(anonymous, "000000")
        assert give_password(elsewhere, admin).status_code == 303
        assert give_code(elsewhere, admin.code()).status_code == 429


def test_a_half_session_lives_for_ten_minutes(anonymous, person):
    admin = person("admin")
    with time_machine.travel(utc_now(), tick=False) as clock:
        give_password(anonymous, admin)
        clock.shift(timedelta(minutes=10))
        assert anonymous.get("/login/verify").location == "/login?next=/"


def test_without_a_password_the_second_step_leads_to_the_first(anonymous):
    assert anonymous.get("/login/verify").location == "/login?next=/"


def test_an_empty_form_says_what_is_missing(anonymous, person):
    assert "Enter your password" in submit(anonymous, "/login").text
    give_password(anonymous, person("admin"))
    assert "Enter the code" in give_code(anonymous, "").text


def test_signing_in_without_a_token_is_refused(anonymous, person):
    viewer = person("viewer")
    answer = anonymous.post("/login", data={"email": viewer.email, "password": viewer.password})
    assert answer.status_code == 400


def test_who_is_signed_in_is_led_past_the_door(as_viewer):
    assert as_viewer.get("/login").location == "/"


def test_an_old_hash_is_made_anew_at_sign_in(anonymous, person, session):
    viewer = person("viewer")
    member = session.get_one(StaffMember, viewer.id)
    member.password_hash = weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(viewer.password)
    session.commit()
    assert give_password(anonymous, viewer).status_code == 303
    db.session.refresh(member)
    assert member.password_hash != weak


def test_old_attempts_are_forgotten(anonymous, person, session):
    viewer = person("viewer")
    with time_machine.travel(utc_now() - timedelta(days=31)):
        give_password(anonymous, viewer, "wrong")
    give_password(anonymous, viewer)
    assert len(session.scalars(select(SignInAttempt)).all()) == 1


def test_the_cookie_holds_a_token_and_the_row_its_hash(anonymous, person, session):
    give_password(anonymous, person("viewer"))
    with anonymous.session_transaction() as cookie:
        token = cookie["_user_id"]
    row = session.scalars(select(StaffSession)).one()
    assert token.encode() not in row.token_hash
    assert len(token) >= 43
