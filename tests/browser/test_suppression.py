"""The suppression list and the figures of opt-outs in a browser: wide and on a phone, light and dark, with axe."""

import os
from pathlib import Path

import pytest
from portal.consent.models import Suppression
from portal.db import db, transaction
from portal.demo.operations import load_company
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

from tests.fixtures.people import make_person, sign_in_browser

LOOKS = [({"width": 1360, "height": 860}, "light"), ({"width": 390, "height": 844}, "dark")]
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def company(own_app):
    with own_app.app_context(), transaction():
        load_company(SYSTEM)


@pytest.fixture
def officer(own_app, live_server, page, company):
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "compliance_officer"))
    return page


@pytest.fixture
def looks(axe):
    """Checks a page, and that nothing hangs over its side; keeps a picture where PICTURES names a folder."""

    def look(page, name: str) -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES, f"{name}-{page.viewport_size['width']}.png")), full_page=True)

    return look


@pytest.fixture(params=LOOKS, ids=["wide and light", "phone and dark"])
def seen(request, officer):
    """The officer's page in one of the two looks."""
    size, scheme = request.param
    officer.set_viewport_size(size)
    officer.emulate_media(color_scheme=scheme)
    return officer


@pytest.fixture
def second(seen, own_app, live_server, browser):
    """A page of somebody else, in a browser of their own."""
    context = browser.new_context(viewport=seen.viewport_size)
    sign_in_browser(context, own_app, live_server, make_person(own_app, "admin"))
    yield context.new_page()
    context.close()


def block_and_ask(page, looks) -> None:
    page.get_by_role("link", name="Block an address").click()
    looks(page, "new")
    page.get_by_role("button", name="Block address").click()
    looks(page, "new-refused")
    page.get_by_label("Address").fill("anna@lakeside.example")
    page.get_by_label("Where does this come from?").fill("Call of 3 March")
    page.get_by_role("button", name="Block address").click()
    page.get_by_text("a•••@•••.example").wait_for()
    looks(page, "blocked")
    page.get_by_role("link", name="Ask for removal").click()
    looks(page, "ask")
    page.get_by_label("Why?").fill("Blocked by mistake")
    page.get_by_role("button", name="Ask a second person").click()


def test_an_address_is_blocked_and_taken_off_by_a_second_person(seen, second, own_app, live_server, looks):
    seen.goto(f"{live_server}/consent/suppression")
    looks(seen, "list")
    block_and_ask(seen, looks)
    seen.get_by_role("heading", name="Waits for a second person").wait_for()
    looks(seen, "waiting")
    second.goto(live_server)
    second.get_by_role("link", name="Read and decide").click()
    looks(second, "decide")
    second.get_by_label("Why?").fill("Checked")
    second.get_by_role("button", name="Take it off the list").click()
    second.get_by_role("heading", name="Suppression list").wait_for()
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).where(Suppression.source == "Call of 3 March")) == 0


def test_a_file_is_uploaded_and_says_which_lines_it_left_out(seen, live_server, looks):
    seen.goto(f"{live_server}/consent/suppression/upload")
    looks(seen, "upload")
    data = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"email\na@x.example\nnobody\n"}
    seen.get_by_label("File").set_input_files(data)
    seen.get_by_label("Where does this list come from?").fill("Old system")
    seen.get_by_role("button", name="Block the addresses of this file").click()
    seen.get_by_role("heading", name="Lines left out").wait_for()
    looks(seen, "uploaded")


def test_the_figures_of_opt_outs_are_a_picture_with_its_table(seen, live_server, looks):
    seen.goto(f"{live_server}/analytics/opt-outs")
    looks(seen, "figures")
    seen.get_by_text("Show as table").click()
    seen.get_by_label("Period").select_option("91d")
    seen.get_by_role("button", name="Show").click()
    seen.get_by_role("heading", name="Opt-outs per week").wait_for()
    looks(seen, "figures-weeks")
