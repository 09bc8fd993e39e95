"""The pages for clients in a browser: without script, wide and narrow, in both languages, with the keyboard."""

import os
import re

import pytest
from portal.consent.models import Method
from portal.consent.operations import request_consent
from portal.consent.rules import confirm_token
from portal.db import transaction, utc_now

from tests.consent.conftest import STAFF
from tests.preferences.conftest import World, make_world

DESK = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def world(own_app) -> World:
    with own_app.app_context():
        return make_world(double_opt_in=True)


@pytest.fixture
def links(own_app, world) -> dict[str, str]:
    """The addresses of every kind of page."""
    with own_app.app_context(), transaction():
        place = (world.client.id, world.news.id, "email")
        facts = {"evidence": "Form", "contact_point_id": world.points["email"].id}
        event = request_consent(*place, world.wording.id, Method.FORM, STAFF, **facts)
        return {
            "centre": world.link,
            "unsubscribe": world.unsubscribe,
            "confirm": f"/c/{confirm_token(event.id, utc_now())}",
            "bad": "/p/nothing",
            "ask": "/p",
            "access": f"{world.link}/requests/access",
        }


def look(page, axe, name: str) -> None:
    """Nothing is wrong with the page and nothing runs out of it; kept as a picture where somebody wants to see it."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.cookie") == ""
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_every_page_can_be_read_by_everybody(page, live_server, links, axe, size, language):
    page.set_viewport_size(size)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name, path in links.items():
            page.goto(f"{live_server}{path}?lang={language}")
            assert page.evaluate("document.documentElement.lang") == language
            look(page, axe, f"{name}-{language}-{size['width']}-{scheme}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_person_saves_stops_and_asks_without_script(browser, live_server, links, size):
    context = browser.new_context(viewport=size, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server + links["centre"])
    assert page.get_by_role("switch", name=re.compile("Email.*Surveys")).is_checked()
    page.get_by_role("switch", name=re.compile("Email.*Surveys")).uncheck()
    page.get_by_role("switch", name=re.compile("Email.*News and offers")).check()
    page.get_by_role("button", name="Save settings").click()
    page.get_by_text("Surveys by email: turned off").wait_for()
    page.get_by_text("News and offers by email: we have sent you a mail.").wait_for()
    page.get_by_role("link", name="Deutsch").click()
    page.get_by_role("heading", name="Worüber dürfen wir Ihnen schreiben?").wait_for()
    page.get_by_role("button", name="Alles abbestellen").click()
    page.get_by_text("Alles ist abbestellt").wait_for()
    page.get_by_role("link", name="Meine Daten anfordern").click()
    page.get_by_role("button", name="Meine Daten anfordern").click()
    page.get_by_role("heading", name="Ihre Anfrage ist angekommen").wait_for()
    context.close()


def test_unsubscribing_and_confirming_with_the_keyboard_alone(page, live_server, links, axe):
    page.goto(live_server + links["confirm"])
    page.get_by_role("button", name="Yes, confirm").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thank you, it is confirmed").wait_for()
    look(page, axe, "confirmed")
    page.goto(live_server + links["unsubscribe"])
    page.get_by_role("button", name="Unsubscribe").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    look(page, axe, "unsubscribed")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You are subscribed again").wait_for()
    look(page, axe, "undone")


def test_a_bad_link_leads_to_a_new_one_and_problems_stand_at_their_fields(page, live_server, links, axe):
    page.goto(live_server + links["bad"])
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_text("Enter an email address such as").wait_for()
    look(page, axe, "no-address")
    page.get_by_label("Your email address").fill("maria@rivertown.example")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    look(page, axe, "sent")
    page.goto(live_server + links["centre"])
    page.get_by_label("Not before").fill("09:00")
    page.get_by_role("button", name="Save settings").click()
    page.get_by_text("Enter both times, or neither.").wait_for()
    look(page, axe, "problem")
