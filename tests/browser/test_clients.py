"""A client in a browser: added, found, revealed and masked again; with the keyboard alone, and on a phone."""

import re

import pytest
from portal.clients.operations import add_client
from portal.db import db, transaction, utc_now
from portal.web.actor import SYSTEM
from portal.web.slots import CLIENT_TIMELINE, TimelineEntry
from sqlalchemy import text

from tests.fixtures.people import make_person, sign_in_browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def officer(own_app, live_server, page):
    """A compliance officer's browser."""
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "compliance_officer"))
    return page


@pytest.fixture
def maria(own_app):
    with own_app.app_context(), transaction():
        return add_client("Maria Tavares", "maria@harbour.example", "pt", "Europe/Lisbon", SYSTEM)


@pytest.mark.parametrize("size", [{"width": 1360, "height": 860}, PHONE])
def test_a_client_is_added_found_and_revealed(officer, live_server, axe, size):
    officer.set_viewport_size(size)
    officer.goto(f"{live_server}/clients")
    axe(officer)
    officer.get_by_role("main").get_by_role("link", name="Add a client").click()
    axe(officer)
    officer.get_by_label("Name").fill("Maria Tavares")
    officer.get_by_label("Email").fill("maria@harbour.example")
    officer.get_by_role("button", name="Add client").click()
    officer.get_by_role("heading", name="M••• T•••").wait_for()
    officer.goto(f"{live_server}/clients")
    officer.get_by_label("Find a client").fill("MARIA@harbour.example")
    officer.keyboard.press("Enter")
    officer.get_by_role("heading", name="Whom your search found").wait_for()
    assert re.fullmatch(r".*/clients\?filter=[0-9a-f-]{36}", officer.url)
    axe(officer)
    officer.get_by_role("link", name="C-000001").click()
    officer.get_by_role("button", name="Reveal", exact=True).click()
    axe(officer)
    officer.get_by_label("What do you need it for?").fill("a booking")
    officer.get_by_role("button", name="Reveal name and address").click()
    officer.get_by_text("maria@harbour.example").wait_for()
    axe(officer)
    officer.reload()
    assert officer.get_by_text("maria@harbour.example").count() == 0
    assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(params=[({"width": 1360, "height": 860}, "light"), (PHONE, "dark")])
def seen(officer, request):
    """The browser as a desk and as a phone, light and dark."""
    officer.set_viewport_size(request.param[0])
    officer.emulate_media(color_scheme=request.param[1])
    return officer


def test_a_client_gets_a_phone_and_wishes(seen, live_server, axe, maria):
    officer = seen
    officer.goto(f"{live_server}/clients/{maria.id}/contact-points/new")
    officer.get_by_label("Address").fill("912 345 678")
    officer.get_by_label("Country of the number").select_option("PT")
    officer.get_by_role("button", name="Add contact point").click()
    officer.get_by_text("Check the number.").wait_for()
    axe(officer)
    officer.get_by_role("button", name="Add contact point").click()
    officer.get_by_text("+351 ••• 78").wait_for()
    officer.get_by_role("link", name="Change the contact preferences").click()
    officer.get_by_label("First choice").select_option("sms")
    officer.get_by_label("Not before").fill("18:30")
    officer.get_by_label("Not after").fill("20:00")
    axe(officer)
    officer.get_by_role("button", name="Save preferences").click()
    officer.get_by_text("18:30 to 20:00").wait_for()


def test_two_clients_who_are_one_person_are_merged(own_app, seen, live_server, axe, maria):
    with own_app.app_context(), transaction():
        other = add_client("Maria Tavares", "tavares@quayside.example", "pt", "Europe/Lisbon", SYSTEM)
    officer = seen
    officer.goto(f"{live_server}/clients/{maria.id}")
    officer.get_by_role("button", name="More").click()
    officer.get_by_role("link", name="Merge with another client").click()
    officer.get_by_label("The other client").fill("tavares@quayside.example")
    officer.get_by_role("button", name="Show what would move").click()
    officer.get_by_text("1 contact point moved").wait_for()
    axe(officer)
    assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    officer.get_by_label("Number of the client who goes").fill(f"C-{other.number:06}")
    officer.get_by_role("button", name="Merge 2 clients into 1").click()
    officer.get_by_text("merged another client into this one").wait_for()
    officer.goto(f"{live_server}/clients/{other.id}")
    officer.get_by_role("link", name=f"Open client C-{maria.number:06}").click()
    officer.get_by_role("heading", name="Contact points").wait_for()
    axe(officer)


def test_the_keyboard_alone_reveals_and_the_focus_goes_with_it(officer, live_server, maria):
    officer.goto(f"{live_server}/clients/{maria.id}")
    officer.get_by_role("button", name="Reveal", exact=True).focus()
    officer.keyboard.press("Enter")
    officer.keyboard.press("Escape")
    assert officer.evaluate("document.activeElement.textContent") == "Reveal"
    officer.keyboard.press("Enter")
    assert officer.evaluate("document.activeElement.name") == "purpose"
    officer.keyboard.press("Enter")  # the browser itself asks for the missing purpose
    officer.keyboard.type("a booking")
    officer.keyboard.press("Enter")
    officer.get_by_text("Maria Tavares").wait_for()
    assert "Shown in clear." in officer.evaluate("document.activeElement.textContent")


def test_nothing_is_shown_when_the_look_cannot_be_logged(officer, live_server, maria, own_database):
    officer.goto(f"{live_server}/clients/{maria.id}")
    with own_database.connect() as owner:
        owner.execute("REVOKE INSERT ON audit_entry FROM heedful_app")
    officer.get_by_role("button", name="Reveal", exact=True).click()
    officer.get_by_label("What do you need it for?").fill("a booking")
    officer.get_by_role("button", name="Reveal name and address").click()
    officer.get_by_text("Nothing can be shown or changed").wait_for()
    assert officer.locator("dialog:modal").count() == 0
    assert "Maria" not in officer.content()


def test_the_timeline_changes_by_itself_and_then_rests(own_app, officer, live_server, maria):
    entries = [TimelineEntry(utc_now(), "message", "email", "handed over", in_flight=True)]
    CLIENT_TIMELINE.fill(own_app, lambda *_: entries)
    asked = []
    officer.on("request", lambda request: asked.append(request.url) if "/timeline" in request.url else None)
    officer.goto(f"{live_server}/clients/{maria.id}")
    officer.get_by_text("handed over").wait_for()
    entries[:] = [TimelineEntry(utc_now(), "message", "email", "delivered")]
    officer.get_by_text("delivered").wait_for()
    assert officer.evaluate("document.activeElement === document.body")  # who reads further down stays there
    before = len(asked)
    officer.wait_for_timeout(2500)
    assert len(asked) == before
    with own_app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'client.viewed'")) == 1
