"""May we write to this client? Asked in the panel and on its page, at a desk and on a phone."""

import pytest
from playwright.sync_api import expect
from portal.db import transaction

from tests.fixtures.people import make_person, sign_in_browser
from tests.messages.ready import make_ready

DESK, PHONE = {"width": 1360, "height": 860}, {"width": 390, "height": 844}


@pytest.fixture(params=[(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def viewer(own_app, live_server, page, request):
    """A viewer's browser, light and dark."""
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "viewer"))
    page.set_viewport_size(request.param[0])
    page.emulate_media(color_scheme=request.param[1])
    return page


@pytest.fixture
def client_url(own_app, live_server) -> str:
    with own_app.app_context(), transaction():
        return f"{live_server}/clients/{make_ready().client()}"


def test_the_panel_answers_without_a_new_page(viewer, client_url, axe):
    viewer.goto(client_url)
    answer = viewer.locator("#may-we-write-answer")
    expect(answer).to_contain_text("News by Email")
    viewer.get_by_label("Channel to ask about").select_option("sms")
    viewer.get_by_role("button", name="Ask", exact=True).click()
    expect(answer).to_contain_text("News by SMS")
    expect(answer).to_contain_text("no address that works")
    assert viewer.url == client_url
    axe(viewer)


def test_the_page_holds_every_answer(viewer, client_url, axe):
    viewer.goto(client_url)
    viewer.get_by_role("link", name="Every topic and channel").click()
    viewer.get_by_role("heading", name="May we write to C-000001?").wait_for()
    viewer.get_by_text("WhatsApp: No").click()
    expect(viewer.locator("details[open]")).to_contain_text("The client is active")
    axe(viewer)
    assert viewer.evaluate("document.documentElement.scrollWidth <= innerWidth")
