"""Requests as they come in: written down once, shown to those who answer them, handed out and kept."""

import threading

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import Client
from portal.db import db, transaction
from portal.privacy.models import PrivacyRequest, RequestKind, RequestOrigin
from portal.privacy.operations import receive_request
from portal.privacy.personal_data import erase_for, export_for
from portal.privacy.queries import list_requests_of
from sqlalchemy import func, select

from tests.consent.conftest import READER, some_client


@pytest.fixture
def maria(session) -> Client:
    return some_client()


def ask(client_id, kind: str = "access") -> PrivacyRequest:
    return receive_request(client_id, RequestKind(kind), RequestOrigin.PREFERENCE_CENTRE, READER)


def test_a_request_is_written_down_once_with_its_first_date(session, maria):
    first = ask(maria.id)
    again, other = ask(maria.id), ask(maria.id, "erasure")
    assert (again.id, again.received_at) == (first.id, first.received_at)
    assert other.id != first.id
    session.commit()
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(3)).all()
    assert actions == ["privacy.receive_request", "privacy.repeat_request", "privacy.receive_request"]


def test_many_at_once_make_one_request(own_app):
    with own_app.app_context(), transaction():
        client_id = some_client().id

    def ask_once() -> None:
        with own_app.app_context(), transaction():
            ask(client_id, "erasure")

    threads = [threading.Thread(target=ask_once) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PrivacyRequest)) == 1


def test_home_asks_the_compliance_officer_alone(session, maria, as_compliance_officer, as_marketer):
    ask(maria.id)
    ask(maria.id, "erasure")
    session.commit()
    home = as_compliance_officer.get("/").text
    assert "A client asks for their data" in home
    assert "A client asks for the erasure of their data" in home
    assert f"/clients/{maria.id}" in home
    assert "A client asks" not in as_marketer.get("/").text


def test_the_client_page_says_so_too(session, maria, as_compliance_officer):
    ask(maria.id)
    session.commit()
    assert "Asked for their data: not proved yet" in as_compliance_officer.get(f"/clients/{maria.id}").text


def test_requests_are_handed_out_and_outlive_an_erasure(session, maria):
    ask(maria.id)
    exported = export_for(maria.id)["requests"]
    assert [(one["kind"], one["state"], one["origin"]) for one in exported] == [
        ("access", "received", "preference_centre")
    ]
    assert erase_for(maria.id, READER) == {"privacy_request": 0}
    assert len(list_requests_of(maria.id)) == 1
