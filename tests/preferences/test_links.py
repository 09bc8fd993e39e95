"""Bad links and fresh ones: one answer whoever asks, the same work for every address, and no more than is decent."""

import re
import secrets

import pytest
from portal.audit.models import AuditEntry
from portal.config.current import current
from portal.consent.rules import preferences_token, unsubscribe_token
from portal.db import new_id, utc_now
from portal.messages.models import Message
from portal.preferences.jobs import answer
from portal.preferences.models import LinkRequest
from portal.preferences.operations import tries
from portal.preferences.operations.links import PER_NETWORK, answer_links
from portal.queue import connection
from sqlalchemy import event, func, select

HTTP_TOKENS = 150


@pytest.fixture
def network() -> dict:
    """A network that no other test came from."""
    first, second, third = (secrets.randbelow(250) + 1 for _ in range(3))
    return {"environ_overrides": {"REMOTE_ADDR": f"{first}.{second}.{third}.9"}}


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_random_tokens_get_one_constant_answer_everywhere(session, anonymous, network, monkeypatch):
    monkeypatch.setattr(tries, "MOST", HTTP_TOKENS * 2)
    answers = set()
    for _ in range(HTTP_TOKENS // 3):
        for path, size in (("/p/", 48), ("/c/", 48), ("/u/", 57)):
            got = anonymous.get(path + secrets.token_urlsafe(size), **network)
            assert "Set-Cookie" not in got.headers
            answers.add((got.status_code, got.data, tuple(sorted(got.headers.keys()))))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_a_network_that_tries_too_many_links_has_to_wait(session, anonymous, network, monkeypatch):
    monkeypatch.setattr(tries, "MOST", 3)
    codes = [anonymous.get(f"/p/{secrets.token_urlsafe(48)}", **network).status_code for _ in range(5)]
    assert codes == [404, 404, 404, 429, 429]
    busy = anonymous.post(f"/u/{secrets.token_urlsafe(57)}", **network)
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "900")
    assert "Too many tries" in busy.text


def test_good_links_open_for_a_network_that_has_to_wait(world, anonymous, network, monkeypatch):
    monkeypatch.setattr(tries, "MOST", 0)
    assert anonymous.get("/p/x", **network).status_code == 429
    for link in (world.link, world.unsubscribe):
        assert anonymous.get(link, **network).status_code == 200


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0"])
def test_without_redis_bad_links_are_answered_as_ever(session, anonymous, network, monkeypatch, url):
    monkeypatch.setattr(tries, "MOST", 0)
    monkeypatch.setattr(connection, "redis_url", lambda: url)
    assert anonymous.get("/p/x", **network).status_code == 404


def test_the_form_of_a_bad_link_asks_for_the_address(anonymous, network):
    page = anonymous.get("/p/x", **network)
    assert 'action="/p"' in page.text
    assert "This link does not work" in page.text
    assert "Get a link to your settings" in anonymous.get("/p").text
    german = anonymous.get("/p/x", headers={"Accept-Language": "de"}, **network).text
    assert "Dieser Link funktioniert nicht" in german


def test_known_and_unknown_addresses_get_the_same_bytes_for_the_same_work(session, world, anonymous, network):
    statements: list[str] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    seen = []
    for address in ("warm@rivertown.example", "maria@rivertown.example", "nobody@rivertown.example"):
        statements.clear()
        got = anonymous.post("/p", data={"address": address}, **network)
        # Savepoints and parameters are numbered; settings are read anew now and then, whoever asks.
        work = [re.sub(r"_\d+", "", one) for one in statements if not re.search(r"setting|crypto_|SAVEPOINT", one)]
        seen.append((got.status_code, got.data, work))
    assert seen[1] == seen[2]
    assert "Look into your mailbox" in seen[1][1].decode()
    assert count(session, Message) == 0
    assert (answer_links(), count(session, Message)) == (1, 1)
    assert (
        session.scalars(select(AuditEntry.actor_kind).where(AuditEntry.action == "preferences.ask_link")).all()
        == ["anonymous"] * 3
    )


def test_the_rows_of_asking_hold_no_address(session, world, anonymous, network):
    anonymous.post("/p", data={"address": "maria@rivertown.example"}, **network)
    row = session.scalars(select(LinkRequest)).one()
    assert (len(row.address_index), len(row.network_hash), row.language) == (16, 16, "en")


def test_the_ticker_answers(session, world, anonymous, network):
    anonymous.post("/p", data={"address": "maria@rivertown.example"}, **network)
    answer(session)
    assert count(session, Message) == 1


@pytest.mark.parametrize("text", ["", "x", "maria", "a@b", "\x00", "m" * 400 + "@rivertown.example"])
def test_what_is_no_address_is_said_at_the_field(session, anonymous, network, text):
    got = anonymous.post("/p", data={"address": text}, **network)
    assert got.status_code == 422
    assert "Enter an email address such as" in got.text
    assert count(session, LinkRequest) == 0


def test_a_network_that_asks_too_often_is_told_to_wait(session, anonymous, network):
    codes = [
        anonymous.post("/p", data={"address": f"a{number}@rivertown.example"}, **network).status_code
        for number in range(PER_NETWORK + 1)
    ]
    assert codes == [200] * PER_NETWORK + [429]


def test_every_mail_leads_to_the_settings_of_whoever_gets_it(world, anonymous):
    page = anonymous.get(f"/p/{preferences_token(world.points['sms'].id, utc_now())}")
    assert "What may we write to you about?" in page.text
    assert current().general.public_base_url


def test_the_settings_are_mailed_from_the_page_of_an_old_unsubscribe_link(session, world, anonymous):
    got = anonymous.post(f"{world.unsubscribe}/links")
    assert "Look into your mailbox" in got.text
    assert count(session, Message) == 1
    assert world.standings() == {("news-and-offers", "email"): "granted"}
    unknown = f"/u/{unsubscribe_token(new_id(), new_id())}"
    assert anonymous.post(f"{unknown}/links").status_code == 404
    assert anonymous.post(f"{unknown}/undo").status_code == 404
