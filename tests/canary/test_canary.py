"""Marked personal values and secrets go through every flow; then every place that must not hold them is searched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from portal.config.current import current
from portal.config.log_output import configure_logging
from portal.staff.models import Role

from tests.canary.flows import FLOWS, MARKS, Canary
from tests.canary.search import code_hits, dump, everything_in, hits
from tests.fixtures.database import Database, app_on
from tests.fixtures.people import cookie_values, make_person
from tests.fixtures.sending import mail_variables

# The mail server of this test runs in the same process and says what it hears; the portal does not.
OTHERS = re.compile(r"^.*mail\.log.*$", re.MULTILINE)


@dataclass
class Searched:
    """What must not be found, and where it was looked for."""

    marks: dict[str, str]
    codes: list[str]
    places: dict[str, str]
    link: str


@contextmanager
def portal(database: Database, mode: str, folder: Path, **variables: str) -> Iterator[Flask]:
    """The portal with all its logs in files, as talkative as they can be."""
    files = {"LOG_FILE": "app.log", "AUTH_LOG_FILE": "auth.log", "WEBHOOK_LOG_FILE": "webhooks.log"}
    logs = {name: str(folder / file) for name, file in files.items()}
    with app_on(database, **variables, **logs, LOG_LEVEL="DEBUG", EMAIL_MODE=mode, SMS_MODE=mode) as app:
        app.testing = False
        configure_logging(current(), "web")
        yield app
    configure_logging(current(), "command")


@pytest.fixture
def searched(own_database, redis_url, clean_redis, mail_server, twilio, tmp_path) -> Searched:
    """Everything after all flows, and Redis as it was after each of them."""
    variables = {**mail_variables(mail_server), **twilio.variables(), "REDIS_URL": redis_url}
    with portal(own_database, "simulation", tmp_path, **variables) as app:
        officer, marketer = make_person(app, Role.COMPLIANCE_OFFICER), make_person(app, Role.MARKETER)
        canary = Canary(app, own_database, mail_server, twilio, officer, marketer)
        secrets = {name: secret.reveal() for name, secret in current().secrets() if secret.reveal()}
        session = cookie_values(app, officer)["_user_id"]
    keys = []
    for mode, flows in FLOWS:
        with portal(own_database, mode, tmp_path, **variables) as canary.app:
            for flow in flows:
                flow(canary)
                keys.append(everything_in(clean_redis))
    places = {file.name: OTHERS.sub("", file.read_text()) for file in tmp_path.glob("*.log")}
    places |= {"Redis": "\n".join(keys), "database": dump(own_database)}
    places |= {"URLs": "\n".join(canary.urls), "error pages": "\n".join(canary.errors)}
    marks = {**MARKS, **secrets, "seed": officer.seed, "officer": officer.email, "session": session}
    return Searched(marks, canary.codes, places, canary.known["link"].removeprefix("/u/"))


def test_no_marked_value_is_found_where_it_must_not_be(searched):
    assert hits(searched.places, searched.marks) == []
    assert hits(searched.places, {"link": searched.link}) == []


def test_no_code_is_found_where_it_must_not_be(searched):
    assert len(searched.codes) == 6
    assert code_hits(searched.places, searched.codes) == []


def test_the_search_looks_at_something(searched):
    assert "send_email" in searched.places["Redis"]
    assert "messages.slice" in searched.places["app.log"]
    assert "message.hand_over" in searched.places["database"]
    assert "verification.sent" in searched.places["app.log"]
    assert "heedful:verification:" in searched.places["Redis"]
    assert "verification.confirm" in searched.places["database"]
    assert searched.places["auth.log"]
    assert "/clients/searches" in searched.places["URLs"]
    assert "reference" in searched.places["error pages"].lower()


def test_a_code_is_found_but_not_in_a_time_or_a_hash():
    assert code_hits({"place": "the code 482913."}, ["482913"]) == ["482913 in place"]
    assert code_hits({"place": "12:00:01.482913+00 a4829130 \\xff482913"}, ["482913"]) == []


@pytest.mark.parametrize("write", [str, quote, lambda value: value.encode().hex()])
def test_a_mark_is_found_however_it_is_written(write):
    assert hits({"place": f"x{write(MARKS['address'])}y"}, {"address": MARKS["address"]}) == ["address in place"]
