"""The stream of sign-ins: reasons and ids, never a name or an address."""

import json

import pytest
from portal.staff.models import StaffMember
from structlog.testing import capture_logs

from tests.staff.doorway import give_code, give_password, submit


@pytest.fixture
def lines():
    with capture_logs() as captured:
        yield captured


def test_every_step_leaves_a_line_with_its_reason(anonymous, person, lines):
    admin = person("admin")
    give_password(anonymous, admin, "wrong")
    give_password(anonymous, admin)
    give_code(anonymous, "000000")
    give_code(anonymous, admin.code())
    said = [(line["event"], line["reason"]) for line in lines if line["event"] in STEPS]
    assert said == [
        ("staff.sign_in", "wrong_password"),
        ("staff.password_proved", ""),
        ("staff.sign_in", "wrong_code"),
        ("staff.sign_in", "password+totp"),
    ]


STEPS = ("staff.sign_in", "staff.password_proved")


def test_no_line_holds_an_address_a_name_or_a_secret(anonymous, person, lines, session):
    admin = person("admin", email="canary.address@tidewell.example")
    for _ in range(6):
        give_password(anonymous, admin, "canary password")
    submit(anonymous, "/login", email="canary.unknown@tidewell.example", password="canary password")
    give_password(anonymous, admin)
    text = json.dumps(lines, default=str)
    assert "canary" not in text
    assert admin.full_name not in text
    assert str(admin.id) in text


def test_a_throttled_try_is_told_by_the_start_of_its_index_alone(anonymous, person, lines, session):
    viewer = person("viewer")
    for _ in range(6):
        give_password(anonymous, viewer, "wrong")
    line = next(line for line in lines if line["event"] == "staff.sign_in_throttled")
    index = session.get_one(StaffMember, viewer.id).email_bidx.hex()
    assert line["account"] == index[:8]
    assert line["wait_seconds"] > 0
