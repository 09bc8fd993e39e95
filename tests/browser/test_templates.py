"""The editor in a browser: the keyboard alone writes, sees and approves a message template."""

import pytest
from portal.consent.models import LegalBasis, TopicClass
from portal.consent.operations import make_topic
from portal.db import db, transaction
from portal.message_templates.models import MessageTemplateVersion
from portal.web.actor import SYSTEM
from sqlalchemy import select

from tests.fixtures.people import make_person, sign_in_browser

pytestmark = pytest.mark.browser


@pytest.fixture
def marketer(own_app, live_server, page):
    with own_app.app_context(), transaction():
        make_topic("Bookings", TopicClass.TRANSACTIONAL, LegalBasis.CONTRACT, SYSTEM)
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "marketer"))
    return page


def stored(own_app):
    with own_app.app_context():
        return db.session.scalar(select(MessageTemplateVersion))


def make_template(page, live_server):
    page.goto(f"{live_server}/templates/new")
    page.get_by_label("Name", exact=True).fill("Booking confirmation")
    page.get_by_label("Key", exact=True).fill("booking_confirmed")
    page.get_by_role("button", name="Make the draft").press("Enter")
    page.get_by_label("Message", exact=True).wait_for()


def test_a_template_is_written_seen_and_approved_by_keyboard(own_app, live_server, marketer, axe):
    page = marketer
    page.goto(f"{live_server}/templates")
    axe(page)
    make_template(page, live_server)
    frame = page.frame_locator("iframe[title='Email preview']")
    frame.get_by_text("Hello Ana").wait_for()
    axe(page)
    box = page.get_by_label("Message", exact=True)
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Dear {{ first_nam }}")
    page.get_by_text("Did you mean first_name?").wait_for()
    assert box.evaluate("node => node === document.activeElement")
    axe(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("Dear ")
    page.get_by_role("button", name="first_name", exact=True).press("Enter")
    frame.get_by_text("Dear Ana").wait_for()
    assert stored(own_app).body == "Dear {{ first_name }}"
    page.get_by_label("Plain text").check()
    page.locator("pre", has_text="Dear Ana").wait_for()
    page.get_by_role("button", name="Approve version 1").press("Enter")
    page.get_by_role("button", name="New version").wait_for()
    axe(page)
    assert stored(own_app).state == "approved"


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (390, "dark"), (1360, "dark")])
def test_the_pages_fit_a_phone_and_dark_mode(live_server, marketer, axe, width, theme):
    page = marketer
    page.emulate_media(color_scheme=theme)
    make_template(page, live_server)
    page.set_viewport_size({"width": width, "height": 800})
    for address in (page.url, page.url.replace("/edit", "/history"), page.url.replace("/edit", "/versions/1")):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        axe(page)
