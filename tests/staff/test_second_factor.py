"""Setting up the second factor, and recovery codes."""

import re

from portal.db import utc_now
from portal.staff.models import RecoveryCode, StaffMember, StaffSession
from portal.staff.operations.second_factor import make_recovery_codes
from portal.staff.rules.second_factor import code_at
from portal.web.actor import SYSTEM
from sqlalchemy import select, text

from tests.staff.doorway import give_code, give_password, submit, token

SET_UP = "/account/second-factor"


def shown_seed(page: str) -> str:
    return re.search(r'id="key"[^>]* value="([A-Z2-7 ]+)"', page)[1].replace(" ", "")


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<li>([2-9a-z]{4}(?:-[2-9a-z]{4}){3})</li>", page)


def set_up(client, path=SET_UP):
    seed = shown_seed(client.get(path).text)
    return submit(client, path, code=code_at(seed, utc_now()))


def test_an_administrator_without_a_second_factor_does_nothing_before_setting_it_up(anonymous, person):
    admin = person("admin", second_factor=False)
    assert give_password(anonymous, admin).location == "/"
    led = anonymous.get("/staff")
    assert led.location == "/account/second-factor?next=/staff"
    assert "Your role needs a second factor" in anonymous.get(led.location).text
    codes = set_up(anonymous, led.location)
    assert len(set(shown_codes(codes.text))) == 10
    kept = anonymous.post(
        "/account/recovery-codes/kept?next=/staff", data={"csrf_token": token(codes.text), "kept": "y"}
    )
    assert kept.location == "/staff"
    assert anonymous.get("/staff").status_code == 200


def test_the_seed_stays_the_same_until_it_is_confirmed(anonymous, person):
    give_password(anonymous, person("admin", second_factor=False))
    seeds = {shown_seed(anonymous.get(SET_UP).text) for _ in range(2)}
    assert len(seeds) == 1


def test_the_picture_is_an_svg_without_style_or_script(anonymous, person):
    give_password(anonymous, person("admin", second_factor=False))
    picture = anonymous.get("/account/second-factor/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "style" not in picture.text
    assert "<script" not in picture.text
    assert picture.headers["Cache-Control"] == "no-store"


def test_a_wrong_code_sets_nothing_up(anonymous, person, session):
    give_password(anonymous, person("admin", second_factor=False))
    answer = submit(anonymous, SET_UP, code="000000")
    assert answer.status_code == 422
    assert "Check that the clock of your phone is right" in answer.text
    assert session.scalars(select(StaffMember.totp_confirmed_at)).all() == [None]


def test_the_code_of_the_set_up_does_not_open_the_door_again(isolation, anonymous, person):
    admin = person("admin", second_factor=False)
    give_password(anonymous, admin)
    seed = shown_seed(anonymous.get(SET_UP).text)
    code = code_at(seed, utc_now())
    submit(anonymous, SET_UP, code=code)
    again = isolation.test_client()
    give_password(again, admin)
    assert give_code(again, code).status_code == 422


def test_confirming_a_second_time_changes_nothing(anonymous, person):
    give_password(anonymous, person("admin", second_factor=False))
    page = anonymous.get(SET_UP).text
    code = code_at(shown_seed(page), utc_now())
    first, second = (anonymous.post(SET_UP, data={"csrf_token": token(page), "code": code}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 422)


def test_a_new_app_replaces_the_old_one_and_ends_other_sessions(signed_in_as, person, step_up, session):
    admin = person("admin")
    here, there = signed_in_as(admin), signed_in_as(admin)
    step_up(here)
    assert set_up(here).status_code == 200
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_recovery_codes_anew_stop_the_old_ones(as_admin, step_up, session, isolation):
    member = session.get_one(StaffMember, as_admin.person.id)
    old = make_recovery_codes(member, SYSTEM)[0]
    session.commit()
    step_up(as_admin)
    answer = submit(as_admin, "/account/recovery-codes", "/account/security")
    new = shown_codes(answer.text)[0]
    door = isolation.test_client()
    give_password(door, as_admin.person)
    assert give_code(door, old, "/login/verify?with=recovery").status_code == 422
    assert give_code(door, new.upper(), "/login/verify?with=recovery").status_code == 303
    assert "9 of 10 left" in as_admin.get("/account/security").text


def test_a_recovery_code_works_once(isolation, anonymous, person, session):
    admin = person("admin")
    code = make_recovery_codes(session.get_one(StaffMember, admin.id), SYSTEM)[0]
    session.commit()
    give_password(anonymous, admin)
    assert give_code(anonymous, code).status_code == 303
    again = isolation.test_client()
    give_password(again, admin)
    assert give_code(again, code).status_code == 422
    assert set(session.scalars(select(StaffSession.method))) == {"password", "password+recovery"}


def test_saying_nothing_about_the_codes_notes_nothing(as_admin, session):
    session.get_one(StaffMember, as_admin.person.id).recovery_kept_at = None
    session.commit()
    page = as_admin.get("/account/security").text
    assert "You have not said that you saved them" in page
    answer = as_admin.post("/account/recovery-codes/kept", data={"csrf_token": token(page)})
    assert answer.location == "/account/security"
    assert "Nothing was noted" in as_admin.get("/account/security").text


def test_the_home_page_reminds_of_codes_not_kept_and_of_codes_running_out(as_admin, session, isolation):
    member = session.get_one(StaffMember, as_admin.person.id)
    make_recovery_codes(member, SYSTEM)
    session.commit()
    assert "not confirmed that you saved" in as_admin.get("/").text
    member.recovery_kept_at = utc_now()
    session.commit()
    assert "recovery code" not in as_admin.get("/").text
    for row in session.scalars(select(RecoveryCode).limit(9)):
        row.used_at = utc_now()
    session.commit()
    assert "You have 1 recovery code left" in as_admin.get("/").text


def test_who_has_no_second_factor_is_not_reminded(as_viewer):
    assert "recovery code" not in as_viewer.get("/").text
    assert "They come with the second factor" in as_viewer.get("/account/security").text


def damage(session, column, member_id):
    flipped = f"set_byte({column}, 40, get_byte({column}, 40) # 1)"
    session.execute(text(f"UPDATE staff_member SET {column} = {flipped} WHERE id = :id"), {"id": member_id})
    session.commit()


def test_an_unreadable_seed_refuses_codes_but_not_recovery_codes(anonymous, person, session):
    admin = person("admin")
    code = make_recovery_codes(session.get_one(StaffMember, admin.id), SYSTEM)[0]
    session.commit()
    damage(session, "totp_secret", admin.id)
    give_password(anonymous, admin)
    assert give_code(anonymous, admin.code()).status_code == 422
    assert give_code(anonymous, code).status_code == 303


def test_an_unreadable_name_or_address_shows_as_such_and_the_page_works(as_admin, session):
    damage(session, "email", as_admin.person.id)
    damage(session, "full_name", as_admin.person.id)
    page = as_admin.get("/staff")
    assert page.status_code == 200
    assert page.text.count("cannot be decrypted") >= 2


def test_an_unreadable_pending_seed_is_made_anew(anonymous, person, session):
    admin = person("admin", second_factor=False)
    give_password(anonymous, admin)
    anonymous.get(SET_UP)
    damage(session, "totp_pending", admin.id)
    assert set_up(anonymous).status_code == 200
