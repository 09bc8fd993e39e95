"""A ready topic and text with clients, and what a form needs to be sent."""

import re

import pytest
from portal.audit.models import AuditEntry
from portal.db import db, transaction
from portal.settings import queries
from sqlalchemy import select

from tests.messages.ready import make_ready


@pytest.fixture(autouse=True)
def nothing_known():
    """Each test starts and ends without knowledge of the settings, so that none hears what another one set."""
    queries.forget_everything()
    yield
    queries.forget_everything()


@pytest.fixture
def ready(session):
    """One topic, one approved text; a test adds clients and messages."""
    with transaction():
        return make_ready()


@pytest.fixture
def client_id(ready):
    """A client who agreed."""
    with transaction():
        return ready.client()


@pytest.fixture
def message_id(ready, client_id):
    """A message that waits for its first hand-over."""
    with transaction():
        return ready.message(client_id)


@pytest.fixture
def actions(session):
    """The newest actions of the audit log, the last one first: `actions(2)`."""
    newest = select(AuditEntry.action).order_by(AuditEntry.seq.desc())
    return lambda count=1: list(db.session.scalars(newest.limit(count)))


@pytest.fixture
def submit():
    """Sends a form with the token of the page it stands on."""

    def send(browser, page, path, **data):
        html = browser.get(page).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)[1]
        return browser.post(path, data={"csrf_token": token, **data})

    return send
