"""The capture outbox of SMS in a browser: from the list to the bubble, on a desk and on a phone."""

import pytest
from portal.db import db, transaction
from portal.messages.models import CapturedSms

from tests.fixtures.people import make_person, sign_in_browser

PHONE = {"width": 320, "height": 700}


@pytest.mark.parametrize("size", [{"width": 1360, "height": 860}, PHONE])
def test_a_caught_code_is_found_and_read(own_app, live_server, page, axe, size):
    with own_app.app_context(), transaction():
        caught = CapturedSms()
        caught.address, caught.body = "+351912345678", "Tidewell: your code is 482913. It is valid for 10 minutes."
        db.session.add(caught)
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "marketer"))
    page.set_viewport_size(size)
    page.goto(f"{live_server}/messages/captured")
    page.get_by_role("navigation", name="What was caught").get_by_role("link", name="SMS").click()
    page.get_by_text("+351 ••• 78").wait_for()
    axe(page)
    page.get_by_role("link", name="Read the SMS").click()
    page.get_by_text("your code is 482913").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
