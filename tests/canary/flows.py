"""
What people do with the portal, with marked values. Later parts add their flows to FLOWS.

What may be read in clear is not marked: the names of colleagues on what they did.
"""

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from portal.db import db, transaction
from portal.imports.jobs import work_on
from portal.messages.jobs import send_slice
from portal.messages.models import CapturedEmail, Message
from portal.preferences.operations.links import answer_links
from sqlalchemy import select

from tests.canary.code_flows import (
    NUMBER,
    ask_for_a_code_that_waits,
    be_refused_by_a_provider_that_repeats_the_number,
    prove_a_number,
    prove_a_number_in_simulation,
)
from tests.fixtures.clock import midday_zone
from tests.fixtures.database import Database
from tests.fixtures.mail import MailServer
from tests.fixtures.people import Person, sign_in_client
from tests.fixtures.twilio import TwilioStandIn
from tests.staff.doorway import token

MARKS = {
    "name": "Zylphanora Quembertine",
    "first name": "Zylphanora",
    "address": "zylphanora.quembertine@canary.example",
    "other address": "vrostkamp.elluviane@canary.example",
    "imported": "imported.quembertine@canary.example",
    "evidence": "note-canary-77316 of the call",
    "field": "Canarygala-88425",
    "wrong password": "canary-password-55207",
    "stranger": "stranger.canary@tidewell.example",
    "number": NUMBER,
    "digits of the number": NUMBER[4:],
}
REFUSED = 422  # such a page repeats to the person what the person typed


@dataclass
class Canary:
    """The portal as two colleagues, a client and strangers use it; keeps what they asked for and what went wrong."""

    app: Flask
    database: Database
    mail: MailServer
    twilio: TwilioStandIn
    officer: Person
    marketer: Person
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def get(self, person: Person | None, path: str) -> str:
        return self.keep(path, self.client(person).get(path))

    def post(self, person: Person | None, path: str, **values: str) -> str:
        client = self.client(person)
        door = client.get("/account" if person else "/login").text
        return self.keep(path, client.post(path, data={"csrf_token": token(door), **values}))

    def client(self, person: Person | None) -> FlaskClient:
        return sign_in_client(self.app.test_client(), person, 0) if person else self.app.test_client()

    def keep(self, path: str, answer) -> str:
        """The page, or where it leads."""
        self.urls += [path, answer.location or ""]
        if answer.status_code >= 400 and answer.status_code != REFUSED:
            self.errors.append(answer.text)
        return answer.location or answer.text

    def send(self) -> Message:
        """What a worker does; the newest message."""
        with self.app.app_context():
            send_slice()
            return db.session.scalars(select(Message).order_by(Message.id.desc())).first()


def sign_in_with_a_wrong_password(canary: Canary) -> None:
    for email in (canary.officer.email, MARKS["stranger"]):
        page = canary.post(None, "/login", email=email, password=MARKS["wrong password"])
        assert "do not belong together" in page


def add_a_client(canary: Canary, address: str = "address") -> None:
    facts = {"language": "en", "country": "", "time_zone": midday_zone()}
    canary.known["client"] = canary.post(
        canary.officer, "/clients", full_name=MARKS["name"], email=MARKS[address], **facts
    )
    assert re.fullmatch(r"/clients/[0-9a-f-]{36}", canary.known["client"])


def add_the_same_client_again(canary: Canary) -> None:
    facts = {"language": "en", "country": "", "time_zone": midday_zone()}
    page = canary.post(canary.officer, "/clients", full_name=MARKS["name"], email=MARKS["address"].upper(), **facts)
    assert "has this address already" in page


def search(canary: Canary) -> None:
    found = canary.post(canary.officer, "/clients/searches", term=MARKS["address"])
    assert "C-000001" in canary.get(canary.officer, found)
    canary.post(canary.officer, "/clients/searches", term=MARKS["stranger"])


def reveal(canary: Canary) -> None:
    page = canary.post(canary.officer, f"{canary.known['client']}/reveals", purpose="a booking")
    assert MARKS["address"] in page


def agree(canary: Canary) -> None:
    facts = {"name": "News", "description": "", "topic_class": "marketing", "legal_basis": "consent"}
    if "topic" not in canary.known:
        canary.known["topic"] = canary.post(canary.officer, "/consent/topics", **facts).rpartition("/")[2]
        topic = f"/consent/topics/{canary.known['topic']}"
        canary.post(canary.officer, f"{topic}/wordings", language="en", text="Yes, news.")
    form = canary.get(canary.officer, f"{canary.known['client']}/consents/new")
    wording = re.search(r'value="([0-9a-f-]{36})">News, English', form)[1]
    place = {"topic": canary.known["topic"], "channel": "email"}
    proof = {"wording": wording, "method": "spoken", "evidence": MARKS["evidence"]}
    assert canary.post(canary.officer, f"{canary.known['client']}/consents", **place, **proof).startswith("/clients/")


def write_a_template(canary: Canary) -> None:
    facts = {"name": "Gala", "key": "gala", "topic": canary.known["topic"], "urgency": "normal", "starter": "empty"}
    edit = canary.post(canary.marketer, "/templates/new", **facts)
    text = {"subject": "{{ event_name }} for {{ first_name }}", "body": "Dear {{ first_name }}: {{ event_name }}"}
    canary.post(canary.marketer, edit, **text, revision="1", look="desktop")
    revision = re.search(r'name="revision"[^>]* value="(\d+)"', canary.get(canary.marketer, edit))[1]
    canary.post(canary.marketer, edit.replace("/edit", "/approvals"), revision=revision)


def order(canary: Canary) -> None:
    path = f"/messages/new?client={canary.known['client'].rpartition('/')[2]}"
    version = re.search(r'value="([0-9a-f-]{36})">Gala', canary.get(canary.marketer, path))[1]
    page = canary.get(canary.marketer, f"{path}&version={version}")
    hidden = {name: re.search(rf'name="{name}"[^>]* value="([^"]+)"', page)[1] for name in ("client", "version", "key")}
    values = {**hidden, "value_event_name": MARKS["field"]}
    assert MARKS["field"] in canary.post(canary.marketer, "/messages/previews", **values)
    canary.known["message"] = canary.post(canary.marketer, "/messages", **values)
    assert canary.known["message"].startswith("/messages/")


def send_in_simulation(canary: Canary) -> None:
    order(canary)
    message = canary.send()
    assert (message.state, message.simulated) == ("accepted", True)
    canary.get(canary.marketer, canary.known["message"])
    canary.get(canary.marketer, canary.known["client"])
    with canary.app.app_context():
        caught = db.session.scalars(select(CapturedEmail)).one()
        canary.known["link"] = re.search(r"/u/[\w.~-]+", caught.raw.replace("=\r\n", ""))[0]
        canary.known["settings"] = re.search(r"/p/[\w.~-]+", caught.raw.replace("=\r\n", ""))[0]
        canary.known["captured"] = f"/messages/captured/{caught.id}"


def read_what_was_caught(canary: Canary) -> None:
    assert MARKS["first name"] in canary.get(canary.marketer, canary.known["captured"])
    assert MARKS["field"] in canary.get(canary.marketer, f"{canary.known['captured']}/email")


def send_live(canary: Canary) -> None:
    order(canary)
    assert (canary.send().state, len(canary.mail.messages)) == ("accepted", 1)


def send_to_a_server_that_repeats_the_address(canary: Canary) -> None:
    add_a_client(canary, "other address")
    agree(canary)
    order(canary)
    canary.mail.answers = [f"550 5.1.1 <{MARKS['other address']}> {MARKS['name']} is unknown here"]
    assert canary.send().state == "failed"
    canary.get(canary.marketer, canary.known["message"])


def import_a_file(canary: Canary) -> None:
    """A new person, somebody who is known, and a row that is refused; a file that is refused whole repeats nothing."""
    lines = ["Name,Email,Note", f"{MARKS['name']},{MARKS['imported']},x", f"{MARKS['name']},{MARKS['address']},x"]
    for bad in (f"{MARKS['name']},{MARKS['imported']}@,{MARKS['field']}", f'"{MARKS["name"]}'):
        file = io.BytesIO("\n".join([*lines, bad, ""]).encode())
        name = f"{MARKS['first name']}.csv"
        page = canary.post(canary.officer, "/clients/imports", file=(file, name), encoding="detect")
        if page.startswith("/clients/imports/"):
            check_and_import(canary, page)


def check_and_import(canary: Canary, path: str) -> None:
    chosen = {"column-0": "name", "column-1": "email", "column-2": "attribute", "region": "", "language": "en"}
    canary.post(canary.officer, f"{path}/mapping", **chosen)
    for confirmed in (False, True):
        if confirmed:
            canary.post(canary.officer, f"{path}/confirmation", number="1", good_rows="y")
        with canary.app.app_context():
            work_on(uuid.UUID(path.rpartition("/")[2]), float("inf"))
        for page in ("", "/problems", "/report.csv"):
            shown = canary.get(canary.officer, path + page)
            assert not any(MARKS[mark] in shown for mark in ("name", "address", "imported"))


def stop_by_the_link(canary: Canary) -> None:
    """The link is an address by its nature; the log knows only that somebody used one."""
    client = canary.client(None)
    assert client.get(canary.known["link"]).status_code == client.post(canary.known["link"]).status_code == 200
    assert client.post("/u/" + canary.known["link"][3:-1]).status_code == 404


def use_the_settings(canary: Canary) -> None:
    """What a client does on the pages of their own; the links are theirs, the pages show no address."""
    client = canary.client(None)
    settings = canary.known["settings"]
    page = client.get(settings).text
    assert "z•••@•••.example" in page
    assert MARKS["address"] not in page
    assert client.post(settings, data={"frequency": "weekly", "first": "email", "language": "en"}).status_code == 200
    assert client.post(f"{settings}/requests/access").status_code == 200
    for address in (MARKS["address"], MARKS["stranger"]):
        assert client.post("/p", data={"address": address}).status_code == 200
    with canary.app.app_context(), transaction():
        assert answer_links() == 1
    assert canary.send().state == "accepted"


def meet_a_database_that_fails(canary: Canary) -> None:
    """The worst error texts hold the values of the statement."""
    with canary.database.connect() as owner:
        owner.execute("ALTER TABLE contact_point RENAME COLUMN state TO gone")
        facts = {"language": "en", "country": "", "time_zone": midday_zone()}
        canary.post(canary.officer, "/clients", full_name=MARKS["name"], email="n" + MARKS["address"], **facts)
        canary.post(canary.officer, f"{canary.known['client']}/reveals", purpose="a booking")
        owner.execute("ALTER TABLE contact_point RENAME COLUMN gone TO state")
    assert canary.errors


Flow = Callable[[Canary], None]
FLOWS: list[tuple[str, list[Flow]]] = [
    (
        "simulation",
        [
            sign_in_with_a_wrong_password,
            add_a_client,
            add_the_same_client_again,
            search,
            import_a_file,
            reveal,
            agree,
            write_a_template,
            send_in_simulation,
            read_what_was_caught,
            prove_a_number_in_simulation,
        ],
    ),
    (
        "live",
        [
            send_live,
            stop_by_the_link,
            use_the_settings,
            send_to_a_server_that_repeats_the_address,
            prove_a_number,
            be_refused_by_a_provider_that_repeats_the_number,
            ask_for_a_code_that_waits,
            meet_a_database_that_fails,
        ],
    ),
]
