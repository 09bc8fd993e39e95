"""The requests of two clients who turned out to be one person."""

from datetime import timedelta

import pytest
from portal.clients.operations import add_client
from portal.db import db, transaction
from portal.privacy.models import RequestKind, RequestOrigin
from portal.privacy.operations import move_requests, receive_request
from portal.privacy.queries import list_requests_of
from portal.web.actor import SYSTEM


@pytest.fixture
def pair(session):
    with transaction():
        return [add_client("Maria", f"{n}@harbour.example", "en", "UTC", SYSTEM).id for n in ("kept", "gone")]


def ask(client_id, kind):
    with transaction():
        return receive_request(client_id, kind, RequestOrigin.PREFERENCE_CENTRE, SYSTEM)


def test_requests_go_to_the_kept_client(session, pair):
    kept, gone = pair
    ask(gone, RequestKind.ACCESS)
    with transaction():
        assert move_requests(kept, gone, SYSTEM) == ["1 request moved"]
        assert move_requests(kept, gone, SYSTEM) == []
    assert [asked.kind for asked in list_requests_of(kept)] == ["access"]
    assert list_requests_of(gone) == []


def test_two_that_ask_the_same_are_one_with_the_earlier_date(session, pair):
    kept, gone = pair
    late, early = ask(kept, RequestKind.ERASURE), ask(gone, RequestKind.ERASURE)
    with transaction():
        early.received_at = late.received_at - timedelta(days=3)
        first = early.received_at
    with transaction():
        move_requests(kept, gone, SYSTEM)
    db.session.expire_all()
    assert [asked.received_at for asked in list_requests_of(kept)] == [first]
