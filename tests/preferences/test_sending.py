"""From the switch to the mailbox and back: the mails of the portal itself, over a real mail server."""

import re

import pytest
from portal.consent.models import SuppressionReason
from portal.consent.operations import suppress
from portal.db import db, transaction
from portal.messages.jobs import send_slice
from portal.messages.models import Message
from portal.preferences.operations.links import answer_links
from sqlalchemy import select

from tests.consent.conftest import STAFF
from tests.fixtures.database import app_on
from tests.fixtures.sending import mail_variables
from tests.preferences.conftest import make_world


@pytest.fixture
def live(own_database, redis_url, mail_server):
    """Email is live."""
    with app_on(own_database, REDIS_URL=redis_url, **mail_variables(mail_server)) as app, app.app_context():
        yield app


def link_in(mail, kind: str) -> str:
    """The path of a link of the mail, which stands in both parts."""
    found = [
        re.search(rf"https?://[^/\s\"]+(/{kind}/[A-Za-z0-9_-]+)", mail.get_body((part,)).get_content())[1]
        for part in ("plain", "html")
    ]
    assert found[0] == found[1]
    return found[0]


def test_a_person_who_stopped_everything_subscribes_again_by_mail(live, mail_server):
    world = make_world("de")
    with transaction() as session:
        address = world.points["email"].address
        suppress(session, "email", address, SuppressionReason.OPTED_OUT, source="test", actor=STAFF)
    live.test_client().post(world.link, data=world.form((world.news, "email")))
    send_slice()
    (mail,) = mail_server.messages
    assert mail["Subject"] == "Bitte bestätigen: News and offers"
    assert mail["List-Unsubscribe"] is None
    assert "jemand mit Ihrer Adresse darum gebeten" in mail.get_body(("plain",)).get_content()
    assert "/u/" not in mail.get_body(("html",)).get_content()
    assert live.test_client().get(link_in(mail, "p")).status_code == 200
    assert "Danke, es ist bestätigt" in live.test_client().post(link_in(mail, "c")).text
    db.session.rollback()
    assert world.standings() == {("news-and-offers", "email"): "granted"}


def test_the_link_that_was_asked_for_opens_the_settings(live, mail_server):
    world = make_world()
    live.test_client().post("/p", data={"address": "maria@rivertown.example"})
    with transaction():
        assert answer_links() == 1
    send_slice()
    (mail,) = mail_server.messages
    assert mail["Subject"] == "Your link to your message settings"
    assert "What may we write to you about?" in live.test_client().get(link_in(mail, "p")).text
    assert db.session.scalars(select(Message.state)).all() == ["accepted"]
    assert world.standings() == {}
