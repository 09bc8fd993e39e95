"""
Marked personal values and secrets go through every flow; then everything that must not hold them is searched.

Later parts add their flows to FLOWS. What may be read in clear is not marked: the names of colleagues on what they did.
"""

import base64
import binascii
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from portal.config.current import current
from portal.config.log_output import configure_logging
from portal.db import db
from portal.launch.postgres import find_postgres
from portal.messages.jobs import send_slice
from portal.messages.models import CapturedEmail, Message
from portal.staff.models import Role
from redis import Redis
from sqlalchemy import select

from tests.fixtures.database import Database, app_on
from tests.fixtures.mail import MailServer
from tests.fixtures.people import Person, cookie_values, make_person, sign_in_client
from tests.fixtures.sending import mail_variables
from tests.staff.doorway import token

MARKS = {
    "name": "Zylphanora Quembertine",
    "first name": "Zylphanora",
    "address": "zylphanora.quembertine@canary.example",
    "other address": "vrostkamp.elluviane@canary.example",
    "evidence": "note-canary-77316 of the call",
    "field": "Canarygala-88425",
    "wrong password": "canary-password-55207",
    "stranger": "stranger.canary@tidewell.example",
    "relay password": "canary-relay-90113-Qz",
}
OTHERS = re.compile(r"^.*mail\.log.*$", re.MULTILINE)
REFUSED = 422  # such a page repeats to the person what the person typed


@dataclass
class Canary:
    """The portal as two colleagues, a client and strangers use it; keeps what they asked for and what went wrong."""

    app: Flask
    mail: MailServer
    officer: Person
    marketer: Person
    marks: dict[str, str]
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

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
    facts = {"language": "en", "country": "", "time_zone": "Europe/Lisbon"}
    canary.known["client"] = canary.post(
        canary.officer, "/clients", full_name=MARKS["name"], email=MARKS[address], **facts
    )
    assert re.fullmatch(r"/clients/[0-9a-f-]{36}", canary.known["client"])


def add_the_same_client_again(canary: Canary) -> None:
    facts = {"language": "en", "country": "", "time_zone": "Europe/Lisbon"}
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


def stop_by_the_link(canary: Canary) -> None:
    """The link is an address by its nature; the log knows only that somebody used one."""
    client = canary.client(None)
    assert client.get(canary.known["link"]).status_code == client.post(canary.known["link"]).status_code == 200
    assert client.post("/u/" + canary.known["link"][3:-1]).status_code == 404


def meet_a_database_that_fails(canary: Canary) -> None:
    """The worst error texts hold the values of the statement."""
    with canary.known_database.connect() as owner:  # type: ignore[attr-defined]
        owner.execute("ALTER TABLE contact_point RENAME COLUMN state TO gone")
        facts = {"language": "en", "country": "", "time_zone": "Europe/Lisbon"}
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
            reveal,
            agree,
            write_a_template,
            send_in_simulation,
            read_what_was_caught,
        ],
    ),
    (
        "live",
        [send_live, stop_by_the_link, send_to_a_server_that_repeats_the_address, meet_a_database_that_fails],
    ),
]


def spellings(value: str) -> set[str]:
    """A value as the places to be searched could hold it, in small letters."""
    raw = value.encode()
    coded = {base64.b64encode(raw).decode().rstrip("=")[:-1], binascii.hexlify(raw).decode()}
    return {one.lower() for one in {value, quote(value), quote_plus(value), *coded}}


def hits(places: dict[str, str], marks: dict[str, str]) -> list[str]:
    """Which mark stands where."""
    lowered = {place: text.lower() for place, text in places.items()}
    return [
        f"{name} in {place}"
        for place, text in lowered.items()
        for name, value in marks.items()
        if any(one in text for one in spellings(value))
    ]


def everything_in(redis: Redis) -> str:
    """All keys with what they hold, whatever their kind."""
    readers = {b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers}
    readers |= {b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1)}
    readers |= {b"stream": redis.xrange, b"none": lambda _: b""}
    return "\n".join(f"{key!r} {readers[redis.type(key)](key)!r}" for key in redis.scan_iter())


def dump(database: Database) -> str:
    """The whole database as text, as a backup would hold it."""
    command = [find_postgres()[0] / "pg_dump", "--dbname", database.superuser_url.replace("+psycopg", "")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def portal(database: Database, mode: str, folder: Path, **variables: str) -> Iterator[Flask]:
    """The portal with all its logs in files, as talkative as they can be."""
    files = {"LOG_FILE": "app.log", "AUTH_LOG_FILE": "auth.log", "WEBHOOK_LOG_FILE": "webhooks.log"}
    logs = {name: str(folder / file) for name, file in files.items()}
    with app_on(database, **variables, **logs, LOG_LEVEL="DEBUG", EMAIL_MODE=mode) as app:
        app.testing = False
        configure_logging(current(), "web")
        yield app
    configure_logging(current(), "command")


@pytest.fixture
def canary(own_database, redis_url, clean_redis, mail_server, tmp_path):
    """A portal through which every flow has gone, with Redis as it was after each of them."""
    variables = {**mail_variables(mail_server), "REDIS_URL": redis_url}
    canary = None
    redis_seen = []
    for mode, flows in FLOWS:
        with portal(own_database, mode, tmp_path, **variables) as app:
            if canary is None:
                officer, marketer = make_person(app, Role.COMPLIANCE_OFFICER), make_person(app, Role.MARKETER)
                canary = Canary(app, mail_server, officer, marketer, dict(MARKS))
                canary.known_database = own_database
                session = cookie_values(app, officer)["_user_id"]
                secrets = {name: secret.reveal() for name, secret in current().secrets() if secret}
                canary.marks |= {"seed": officer.seed, "officer": officer.email, "session": session, **secrets}
            canary.app = app
            for flow in flows:
                flow(canary)
                redis_seen.append(everything_in(clean_redis))
    # The mail server of this test runs in the same process and says what it hears; the portal does not.
    logs = {file.name: OTHERS.sub("", file.read_text()) for file in tmp_path.glob("*.log")}
    for l in logs["app.log"].splitlines():
        if "zylphanora" in l.lower() or "vrost" in l.lower():
            print("LINE", l[:400])
    urls, errors = "\n".join(canary.urls), "\n".join(canary.errors)
    canary.places = {"Redis": "\n".join(redis_seen), "database": dump(own_database), "URLs": urls, **logs}
    canary.places["error pages"] = errors
    return canary


def test_no_marked_value_is_found_where_it_must_not_be(canary):
    assert hits(canary.places, canary.marks) == []
    link = {"link": canary.known["link"].removeprefix("/u/")}
    elsewhere = {place: text for place, text in canary.places.items() if place != "URLs"}
    assert hits(elsewhere, link) == []


def test_the_search_looks_at_something(canary):
    assert "send_email" in canary.places["Redis"]
    assert "messages.slice" in canary.places["app.log"]
    assert "message.hand_over" in canary.places["database"]
    assert canary.places["auth.log"]
    assert "/clients/searches" in canary.places["URLs"]
    assert "reference" in canary.places["error pages"].lower()


@pytest.mark.parametrize("write", [str, quote, lambda value: value.encode().hex()])
def test_a_mark_is_found_however_it_is_written(write):
    assert hits({"place": f"x{write(MARKS['address'])}y"}, {"address": MARKS["address"]}) == ["address in place"]
