"""Sessions: how they end, how fresh a proof must be, and what a person sees of them."""

from datetime import timedelta

import pytest
import time_machine
from flask import Blueprint
from portal.audit.models import AuditEntry
from portal.db import utc_now
from portal.staff.models import MemberState, Role, SessionEnd, StaffMember, StaffSession
from portal.staff.operations.accounts import change_role, disable_member
from portal.staff.operations.sessions import end_session, end_sessions_of
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.staff.doorway import give_code, give_password, submit, token


def rows(session):
    return session.scalars(select(StaffSession).order_by(StaffSession.started_at)).all()


def test_half_an_hour_without_activity_ends_a_session_and_says_so(as_viewer, session):
    with time_machine.travel(utc_now() + timedelta(minutes=30)):
        led = as_viewer.get("/account/security")
        assert led.location == "/login?next=/account/security"
        assert "30 minutes without activity" in as_viewer.get(led.location).text
    assert [row.ended_reason for row in rows(session)] == ["idle"]


def test_using_the_portal_keeps_a_session_alive(as_viewer):
    start = utc_now()
    for minutes in (20, 40, 60):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert as_viewer.get("/account").status_code == 200


def test_twelve_hours_end_even_a_busy_session(as_viewer, session):
    with time_machine.travel(utc_now() + timedelta(hours=12)):
        row = rows(session)[0]
        row.seen_at = utc_now()
        session.commit()
        assert "at most 12 hours" in as_viewer.get(as_viewer.get("/account").location).text


def test_pages_within_a_minute_write_nothing_about_the_session(as_viewer, session):
    as_viewer.get("/account")
    session.expire_all()
    seen = rows(session)[0].seen_at
    as_viewer.get("/account")
    session.expire_all()
    assert rows(session)[0].seen_at == seen


def test_a_session_ended_elsewhere_is_out_at_once(signed_in_as, person, session):
    viewer = person("viewer")
    here, there = signed_in_as(viewer), signed_in_as(viewer)
    other = max(rows(session), key=lambda row: row.id)
    page = here.get("/account/security").text
    assert f"/account/sessions/{other.id}/end" in page
    here.post(f"/account/sessions/{other.id}/end", data={"csrf_token": token(page)})
    assert there.get("/account").status_code == 302
    assert "ended from another one" in there.get("/login").text
    assert here.get("/account").status_code == 200


def test_a_foreign_session_cannot_be_ended(as_viewer, as_admin, session):
    foreign = next(row for row in rows(session) if row.staff_id == as_admin.person.id)
    page = as_viewer.get("/account/security").text
    as_viewer.post(f"/account/sessions/{foreign.id}/end", data={"csrf_token": token(page)})
    assert "had ended already" in as_viewer.get("/account").text
    assert as_admin.get("/account").status_code == 200


def test_a_disabled_member_is_out_at_once(as_viewer, as_admin, session):
    disable_member(session.get_one(StaffMember, as_viewer.person.id), SYSTEM)
    session.commit()
    assert as_viewer.get("/account").status_code == 302


def test_a_member_disabled_in_the_database_alone_is_out_at_once(as_viewer, session):
    session.get_one(StaffMember, as_viewer.person.id).state = MemberState.DISABLED
    session.commit()
    assert as_viewer.get("/account").status_code == 302
    session.expire_all()
    assert rows(session)[0].ended_reason == "disabled"


def test_another_role_means_signing_in_again(as_viewer, session):
    change_role(session.get_one(StaffMember, as_viewer.person.id), Role.MARKETER, SYSTEM)
    session.commit()
    assert "your role changed" in as_viewer.get(as_viewer.get("/account").location).text


def test_signing_out_ends_the_row_empties_the_cookie_and_clears_the_site(as_viewer, session):
    page = as_viewer.get("/account").text
    answer = as_viewer.post("/sign-out", data={"csrf_token": token(page)})
    assert answer.location == "/login"
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert "You are signed out" in as_viewer.get("/login").text
    assert as_viewer.get("/account").status_code == 302
    session.expire_all()
    assert rows(session)[0].ended_reason == "signed_out"
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (last.action, last.actor_label) == ("staff.sign_out", "Tom Berg")


def test_ending_a_session_twice_keeps_the_first_reason(as_viewer, session):
    row = rows(session)[0]
    end_session(row, SessionEnd.REVOKED, SYSTEM)
    end_session(row, SessionEnd.RESET, SYSTEM)
    assert row.ended_reason == "revoked"
    assert end_sessions_of(as_viewer.person.id, SessionEnd.RESET, SYSTEM) == 0


def test_a_made_up_cookie_signs_nobody_in(anonymous):
    with anonymous.session_transaction() as cookie:
        cookie["_user_id"] = "made up"
    assert anonymous.get("/account").status_code == 302


def test_a_half_session_is_no_session(anonymous, person):
    give_password(anonymous, person("admin"))
    with anonymous.session_transaction() as cookie:
        cookie["_user_id"] = cookie["half"]
    assert anonymous.get("/account").status_code == 302


def test_every_proof_gives_a_new_token(as_admin, session):
    before = rows(session)[0].token_hash
    with as_admin.session_transaction() as cookie:
        old = dict(cookie)
    give_code(as_admin, as_admin.person.code(), password=as_admin.person.password)
    session.expire_all()
    assert rows(session)[0].token_hash != before
    thief = as_admin.application.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(old)
    assert thief.get("/account").status_code == 302


def test_a_weighty_act_asks_for_a_fresh_proof_and_then_comes_back(as_admin):
    led = as_admin.get("/account/second-factor")
    assert led.location == "/login/verify?next=/account/second-factor"
    assert "Confirm that it is you" in as_admin.get(led.location).text
    done = give_code(as_admin, as_admin.person.code(), led.location, password=as_admin.person.password)
    assert done.location == "/account/second-factor"
    assert as_admin.get("/account/second-factor").status_code == 200


def test_a_proof_is_fresh_for_five_minutes(as_admin, step_up):
    step_up(as_admin)
    with time_machine.travel(utc_now() + timedelta(minutes=4, seconds=50)):
        assert as_admin.get("/account/second-factor").status_code == 200
    with time_machine.travel(utc_now() + timedelta(minutes=5, seconds=10)):
        assert as_admin.get("/account/second-factor").status_code == 302


def test_a_fragment_with_a_stale_proof_leads_the_whole_window(as_admin, partial):
    answer = as_admin.get("/account/second-factor", headers=partial)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login/verify")


def test_a_fragment_without_a_session_leads_the_whole_window(anonymous, partial):
    answer = anonymous.get("/account/security", headers=partial)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")


@pytest.mark.parametrize(("password", "steps"), [("wrong", 0), (None, 3)])
def test_a_step_up_does_not_say_which_half_was_wrong(as_admin, password, steps):
    admin = as_admin.person
    answer = give_code(as_admin, admin.code(steps), password=password or admin.password)
    assert "Password or code did not match, or the code was used before. You have 4 tries left" in answer.text


def test_a_wrong_password_does_not_use_up_the_code(as_admin):
    admin = as_admin.person
    give_code(as_admin, admin.code(), password="wrong")
    assert give_code(as_admin, admin.code(), password=admin.password).status_code == 303


def test_who_has_no_second_factor_steps_up_with_the_password(as_viewer):
    page = as_viewer.get("/login/verify").text
    assert "6-digit" not in page
    wrong = submit(as_viewer, "/login/verify", password="wrong")
    assert "That password is not right" in wrong.text
    assert submit(as_viewer, "/login/verify", password=as_viewer.person.password).status_code == 303


def test_five_wrong_step_ups_end_the_session(as_viewer):
    for _ in range(5):
        answer = submit(as_viewer, "/login/verify", password="wrong")
    assert answer.location == "/login?next=/"
    assert as_viewer.get("/account").status_code == 302


def test_the_security_page_tells_a_half_sign_in_from_a_whole_one(anonymous, signed_in_as, person):
    admin = person("admin")
    give_password(anonymous, admin)
    assert "Password right, second factor not" in signed_in_as(admin).get("/account/security").text


def test_page_of_the_floor_knows_the_class_of_person(as_viewer, isolation):
    assert isinstance(isolation.blueprints["staff"], Blueprint)
    assert 'aria-current="page">Your account' in as_viewer.get("/account").text
