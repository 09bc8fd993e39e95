"""Through the door in a browser: password, forced second factor, recovery codes; axe looks at every staff page."""

import pytest
from portal.db import utc_now
from portal.staff.rules.second_factor import code_at

from tests.fixtures.people import make_person

pytestmark = pytest.mark.browser


def confirm(page, code):
    page.get_by_label("6-digit code").fill(code)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_load_state()


def test_a_compliance_officer_comes_in_for_the_first_time(own_app, live_server, page, axe):
    officer = make_person(own_app, "compliance_officer", second_factor=False)
    page.goto(f"{live_server}/staff")
    axe(page)
    page.get_by_label("Work email").fill(officer.email)
    page.get_by_label("Password").fill(officer.password)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Set up your second factor").wait_for()
    axe(page)
    confirm(page, code_at(page.get_by_label("Key").input_value().replace(" ", ""), utc_now()))
    page.get_by_role("heading", name="Save your recovery codes").wait_for()
    axe(page)
    page.get_by_label("I saved them").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Staff").wait_for()
    for path in ("staff", "staff/roles", "account", "account/security", "login/verify"):
        page.goto(f"{live_server}/{path}")
        axe(page)
