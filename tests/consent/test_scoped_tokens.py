"""Links of the preference centre and of confirmations: one scope each, old keys honoured, nothing to be guessed."""

import base64
import secrets
from datetime import timedelta

import pytest
from portal.consent.rules import (
    confirm_token,
    preferences_token,
    read_confirm_token,
    read_preferences_token,
    read_token,
    unsubscribe_token,
)
from portal.consent.rules.tokens import PREFERENCES_AGE
from portal.crypto.keyring import forget_rings
from portal.crypto.lifecycle import activate, create_key
from portal.crypto.purposes import Purpose
from portal.db import new_id, transaction, utc_now
from sqlalchemy import text

HERE = new_id()
NOW = utc_now()


def test_each_token_opens_its_own_scope_alone(session):
    unsubscribe, centre, confirm = unsubscribe_token(HERE, HERE), preferences_token(HERE, NOW), confirm_token(HERE, NOW)
    assert (len(unsubscribe), len(centre), len(confirm)) == (76, 64, 64)
    assert [read_token(one) for one in (unsubscribe, centre, confirm)] == [(HERE, HERE), None, None]
    assert [read_preferences_token(one, NOW) for one in (unsubscribe, centre, confirm)] == [None, HERE, None]
    assert [read_confirm_token(one) for one in (unsubscribe, centre, confirm)] == [None, None, HERE]


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        (timedelta(0), True),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
        (PREFERENCES_AGE - timedelta(seconds=1), True),
        (PREFERENCES_AGE + timedelta(seconds=1), False),
        (timedelta(days=4000), False),
    ],
)
def test_a_preference_link_counts_for_thirty_days(session, later, counts):
    assert read_preferences_token(preferences_token(HERE, NOW), NOW + later) == (HERE if counts else None)


def test_a_confirm_link_has_no_age_of_its_own(session):
    assert read_confirm_token(confirm_token(HERE, NOW - timedelta(days=4000))) == HERE


@pytest.mark.parametrize("make", [preferences_token, confirm_token])
def test_a_token_changed_anywhere_is_nobodys(session, make):
    token = make(HERE, NOW)
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert (read_preferences_token(changed, NOW), read_confirm_token(changed)) == (None, None)


def test_the_scope_written_in_a_token_does_not_make_it_one(session):
    packed = bytearray(base64.urlsafe_b64decode(preferences_token(HERE, NOW)))
    packed[1] = 2
    forged = base64.urlsafe_b64encode(packed).decode()
    assert (read_preferences_token(forged, NOW), read_confirm_token(forged)) == (None, None)


@pytest.mark.parametrize("text", ["", "x", "ü" * 64, "=" * 64, "A" * 63, "A" * 65, "A" * 64, "\n" + "A" * 64, "_" * 64])
def test_what_is_no_token_is_refused(session, text):
    assert (read_preferences_token(text, NOW), read_confirm_token(text)) == (None, None)


def test_ten_thousand_random_tokens_open_nothing(session):
    for _ in range(10_000):
        short, long = secrets.token_urlsafe(48), secrets.token_urlsafe(57)
        assert (len(short), len(long)) == (64, 76)
        assert (read_preferences_token(short, NOW), read_confirm_token(short), read_token(long)) == (None, None, None)


def test_links_work_after_their_key_was_replaced(own_app):
    with own_app.app_context():
        links = [unsubscribe_token(HERE, HERE), preferences_token(HERE, NOW), confirm_token(HERE, NOW)]
        with transaction() as session:
            session.execute(text("DELETE FROM crypto_ring_ack"))
            activate(session, create_key(session, Purpose.LINK).id)
        forget_rings()
        assert links != [unsubscribe_token(HERE, HERE), preferences_token(HERE, NOW), confirm_token(HERE, NOW)]
        read = read_token(links[0]), read_preferences_token(links[1], NOW), read_confirm_token(links[2])
        assert read == ((HERE, HERE), HERE, HERE)
