"""Links: nobody else can make one, and an old one works after the key was changed."""

import pytest
from portal.consent.rules import read_token, unsubscribe_token
from portal.crypto.keyring import forget_rings
from portal.crypto.lifecycle import activate, create_key
from portal.crypto.purposes import Purpose
from portal.db import new_id, transaction
from sqlalchemy import text

HERE, THIS = new_id(), new_id()


def test_a_token_gives_back_what_it_was_made_for(session):
    token = unsubscribe_token(HERE, THIS)
    assert read_token(token) == (HERE, THIS)
    assert len(token) <= 90
    assert token == unsubscribe_token(HERE, THIS)


def test_a_token_changed_anywhere_is_nobodys(session):
    token = unsubscribe_token(HERE, THIS)
    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        assert read_token(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "x", "ü" * 76, "=" * 76, "+" * 76, "A" * 75, "A" * 77, "A" * 76, "\n" + "A" * 76])
def test_what_is_no_token_is_refused(session, text):
    assert read_token(text) is None


def test_an_old_link_works_after_its_key_was_replaced(own_app):
    with own_app.app_context():
        old = unsubscribe_token(HERE, THIS)
        with transaction() as session:
            session.execute(text("DELETE FROM crypto_ring_ack"))
            activate(session, create_key(session, Purpose.LINK).id)
        forget_rings()
        assert unsubscribe_token(HERE, THIS) != old
        assert read_token(old) == read_token(unsubscribe_token(HERE, THIS)) == (HERE, THIS)
