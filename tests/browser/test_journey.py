"""
The first journey: a client is added, agrees, gets an email of an approved text, and stops it by the link in it.

Everything is done on pages, as two colleagues do it; a worker process of its own sends, in simulation.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from portal.db import transaction
from portal.queue import JobName, QueueName, wake
from portal.staff.models import Role
from werkzeug.serving import make_server

from tests.fixtures.clock import midday_zone
from tests.fixtures.database import app_on
from tests.fixtures.people import Person, make_person, sign_in_browser
from tests.fixtures.workers import Workers
from tests.messages.ready import make_ready

DESKTOP, PHONE = {"width": 1360, "height": 860}, {"width": 390, "height": 844}
TEXT = "Dear {{ first_name }},\n\nthe doors open at **seven**."


@dataclass
class Journey:
    """A served portal in simulation, the browser before it, and the way to start a worker."""

    app: object
    url: str
    page: Page
    axe: object
    workers: Workers

    def look(self) -> None:
        """The page is without a barrier and does not scroll sideways."""
        self.page.wait_for_load_state()
        self.axe(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url

    def goto(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")
        self.look()

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        self.look()

    def person(self, role: Role) -> Person:
        return make_person(self.app, role)

    def sign_in(self, person: Person) -> None:
        """Through the door, as people come in."""
        self.page.context.clear_cookies()
        self.goto("/clients")
        self.page.get_by_label("Work email").fill(person.email)
        self.page.get_by_label("Password").fill(person.password)
        self.press("Sign in")
        if person.seed:
            self.page.get_by_label("Code").fill(person.code())
            self.page.keyboard.press("Enter")
        self.page.get_by_role("heading", name="Clients", exact=True).wait_for()

    def work(self) -> None:
        """A worker begins and is woken; the wake-up of the order may have grown old while the page was looked at."""
        self.workers.start("work", "email", wait_for="idle")
        with self.app.app_context():
            wake(QueueName.EMAIL, JobName.SEND_EMAIL)


@contextmanager
def served(database, **variables: str) -> Iterator[tuple[object, str]]:
    """A portal that knows its own public address, so that the links in its emails lead to it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        with app_on(database, PUBLIC_BASE_URL=url, **variables) as app:
            server = make_server("127.0.0.1", port, app, threaded=True, fd=door.fileno())
            thread = threading.Thread(target=server.serve_forever, name="journey")
            thread.start()
            yield app, url
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def journey(own_database, redis_url, clean_redis, page, axe, tmp_path) -> Iterator[Journey]:
    with served(own_database, REDIS_URL=redis_url, EMAIL_MODE="simulation") as (app, url):
        workers = Workers(own_database, redis_url, tmp_path / "out.log")
        workers.environment |= {"EMAIL_MODE": "simulation", "PUBLIC_BASE_URL": url}
        try:
            yield Journey(app, url, page, axe, workers)
        finally:
            workers.end()


def add_the_client(journey: Journey) -> str:
    """The path of the new client's page."""
    journey.goto("/clients")
    journey.follow("Add a client")
    journey.page.get_by_label("Name").fill("Maria Tavares")
    journey.page.get_by_label("Email").fill("maria@harbour.example")
    journey.page.get_by_label("Time zone").select_option(midday_zone())
    journey.press("Add client")
    journey.page.get_by_role("heading", name="M••• T•••").wait_for()
    journey.look()
    return journey.page.url.removeprefix(journey.url)


def make_the_topic(journey: Journey) -> None:
    journey.goto("/consent")
    journey.follow("Make a topic")
    journey.page.get_by_label("Name").fill("News and offers")
    journey.page.get_by_label("Class").select_option("marketing")
    journey.page.get_by_label("Legal basis").select_option("consent")
    journey.press("Make topic")
    journey.page.get_by_text("No wording yet.").wait_for()
    journey.page.get_by_label("Wording", exact=True).fill("I want news and offers by email.")
    journey.press("Add wording")
    journey.page.get_by_text("Version 1 was added.").wait_for()
    journey.look()


def record_the_consent(journey: Journey, client: str) -> None:
    journey.goto(client)
    journey.follow("Record a consent to News and offers by Email")
    journey.page.get_by_label("Which wording did they read").select_option("News and offers, English, version 1")
    journey.page.get_by_label("Where is the proof?").fill("Call of 3 March, note 118")
    journey.press("Record consent")
    journey.page.get_by_text("The consent is in the ledger.").wait_for()
    expect(consents(journey.page)).to_contain_text("Agreed")
    journey.look()


def write_the_text(journey: Journey) -> None:
    journey.goto("/templates")
    journey.follow("New template")
    journey.page.get_by_label("Name", exact=True).fill("Harbour evening")
    journey.page.get_by_label("Key", exact=True).fill("harbour_evening")
    journey.page.get_by_label("An empty page").check()
    journey.press("Make the draft")
    journey.page.get_by_label("Subject").fill("Harbour evening")
    journey.page.get_by_label("Message", exact=True).fill(TEXT)
    preview = journey.page.frame_locator("#panel iframe")
    preview.get_by_text("Dear Ana").wait_for()
    journey.page.get_by_text("No problems found.").wait_for()
    journey.look()
    journey.press("Approve version 1")
    journey.page.get_by_text("Approved").first.wait_for()
    journey.look()


def write_the_message(journey: Journey, client: str) -> None:
    journey.goto(client)
    journey.follow("Send a message")
    journey.page.get_by_label("Message template").select_option("Harbour evening (News and offers)")
    journey.press("Use this text")
    journey.page.get_by_role("button", name="Send 1 email").wait_for()
    journey.page.frame_locator("iframe[name=preview]").get_by_text("the doors open at").wait_for()
    journey.look()
    journey.press("Send 1 email")
    journey.page.get_by_text("1 email is on its way.").wait_for()
    journey.look()


def watch_it_arrive(journey: Journey, client: str) -> None:
    """The page is opened while the message waits, and changes without a hand on it."""
    journey.goto(client)
    timeline = journey.page.locator("#timeline")
    expect(timeline).not_to_contain_text("accepted")
    journey.work()
    expect(timeline).to_contain_text("accepted", timeout=30_000)
    journey.look()


def read_the_email(journey: Journey) -> str:
    """The address of the link in the captured email."""
    journey.goto("/messages/captured")
    journey.follow("Read the email")
    frame = journey.page.frame_locator("iframe")
    frame.get_by_text("Dear Maria").wait_for()
    text = journey.page.get_by_role("region", name="Its plain text").text_content()
    link = re.search(r"http\S+/u/[\w.~-]+", text)[0]
    assert frame.locator(f'a[href="{link}"]').count() == 1
    return link


def stop_by_the_link(journey: Journey, link: str) -> None:
    """As the client, who has never signed in."""
    journey.page.context.clear_cookies()
    for _ in range(2):
        journey.page.goto(link)
        journey.page.get_by_role("heading", name="Stop News and offers?").wait_for()
    journey.look()
    journey.press("Unsubscribe")
    journey.page.get_by_role("heading", name="You are unsubscribed").wait_for()
    journey.look()


def consents(page: Page):
    return page.get_by_role("region", name="What this client agreed to")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_a_new_client_to_their_unsubscribing(journey, size):
    journey.page.set_viewport_size(size)
    officer = journey.person(Role.COMPLIANCE_OFFICER)
    journey.sign_in(officer)
    client = add_the_client(journey)
    make_the_topic(journey)
    record_the_consent(journey, client)
    journey.sign_in(journey.person(Role.MARKETER))
    write_the_text(journey)
    write_the_message(journey, client)
    watch_it_arrive(journey, client)
    stop_by_the_link(journey, read_the_email(journey))
    sign_in_browser(journey.page.context, journey.app, journey.url, officer)
    journey.goto(client)
    expect(consents(journey.page)).to_contain_text("Withdrawn")


@pytest.fixture
def agreed(journey) -> str:
    """A client's page, a topic they agreed to and a text for it, made without pages."""
    with journey.app.app_context(), transaction():
        ready = make_ready()
        return f"/clients/{ready.client()}"


def tab_to(page: Page, name: str, role: str = "") -> None:
    """Goes on with the Tab key until the control of that name has the focus, as somebody without a mouse does."""
    asked = "() => [document.activeElement.ariaLabel, document.activeElement.labels?.[0]?.innerText,"
    asked += " document.activeElement.innerText].map(text => (text || '').trim())"
    for _ in range(60):
        page.keyboard.press("Tab")
        if any(text.startswith(name) for text in page.evaluate(asked)):
            return
    pytest.fail(f"The Tab key does not reach {name}")


def choose(page: Page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, label)
    page.keyboard.type(words)


def test_the_keyboard_alone_sends_a_message_and_unsubscribes(journey, agreed):
    page = journey.page
    sign_in_browser(page.context, journey.app, journey.url, journey.person(Role.MARKETER))
    journey.goto(agreed)
    choose(page, "Send a message")
    tab_to(page, "Message template")
    page.keyboard.type("Gala")
    choose(page, "Use this text")
    page.get_by_role("button", name="Send 1 email").wait_for()
    tab_to(page, "Name of the event")
    page.keyboard.type("Harbour Gala")
    choose(page, "Send 1 email")
    page.get_by_text("1 email is on its way.").wait_for()
    watch_it_arrive(journey, agreed)
    page.goto(f"{journey.url}/messages/captured")
    choose(page, "Read")
    link = re.search(r"http\S+/u/[\w.~-]+", page.get_by_role("region", name="Its plain text").text_content())[0]
    page.context.clear_cookies()
    page.goto(link)
    choose(page, "Unsubscribe")
    page.get_by_role("heading", name="You are unsubscribed").wait_for()


def test_the_keyboard_alone_adds_a_client_and_writes_down_what_they_agreed_to(journey):
    page = journey.page
    sign_in_browser(page.context, journey.app, journey.url, journey.person(Role.COMPLIANCE_OFFICER))
    journey.goto("/clients")
    choose(page, "Add a client")
    write(page, "Name", "Maria Tavares")
    write(page, "Email", "maria@harbour.example")
    choose(page, "Add client")
    client = page.url
    journey.goto("/consent")
    choose(page, "Make a topic")
    write(page, "Name", "News and offers")
    choose(page, "Make topic")
    write(page, "Wording", "I want news and offers by email.")
    choose(page, "Add wording")
    page.goto(client)
    choose(page, "Record a consent")
    write(page, "Where is the proof?", "Call of 3 March, note 118")
    choose(page, "Record consent")
    page.get_by_text("The consent is in the ledger.").wait_for()
    expect(consents(page)).to_contain_text("Agreed")
