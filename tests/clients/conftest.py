"""Clients to look at, and what a form needs to be sent."""

import re
from contextlib import contextmanager

import pytest
from portal.audit.models import AuditEntry
from portal.clients.operations import add_client
from portal.clients.queries import find_client
from portal.db import db, transaction
from portal.settings.operations import change
from portal.settings.queries import forget_everything
from portal.settings.rules import organisation
from portal.web.actor import SYSTEM
from sqlalchemy import event, select


@pytest.fixture
def new_client(session):
    """Adds clients: `new_client("Ana Reis", "ana@harbour.example")`."""

    def add(name="Maria Tavares", email="maria@harbour.example", **facts):
        with transaction():
            return add_client(name, email, "pt", "Europe/Lisbon", SYSTEM, **facts)

    return add


@pytest.fixture
def fresh(session):
    """A client as the database has them, whatever the test still holds of them."""

    def read(client_id):
        session.expunge_all()
        return find_client(client_id)

    return read


@pytest.fixture
def last_entry(session):
    """The newest entry of the audit log."""
    return lambda: db.session.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))


@pytest.fixture
def submit():
    """Sends a form with the token of the page it stands on."""

    def send(browser, page, path, headers=None, **data):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(page).text)[1]
        return browser.post(path, data={"csrf_token": token, **data}, headers=headers)

    return send


@pytest.fixture
def broken_log(session):
    """Makes the audit log refuse client entries from here on; `after_reads` lets that many pages be shown before."""

    @contextmanager
    def broken(after_reads=0):
        def refuse(_mapper_or_conn, _cursor, statement, parameters, *_):
            nonlocal after_reads
            if "INSERT INTO audit_entry" not in statement:
                return
            after_reads -= 1
            if after_reads < 0:
                raise OSError("the disk of the log is full")

        event.listen(db.engine, "before_cursor_execute", refuse)
        try:
            yield
        finally:
            event.remove(db.engine, "before_cursor_execute", refuse)

    return broken


@pytest.fixture
def organisation_in(session):
    """Sets the country of the organisation."""

    def choose(country):
        with transaction():
            change(organisation.COUNTRY, country, SYSTEM)
        forget_everything()

    yield choose
    forget_everything()
