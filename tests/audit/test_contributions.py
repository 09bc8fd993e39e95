"""What the audit log shows on the home page and in the navigation, and what the key ring tells it."""

import uuid
from datetime import timedelta

import pytest
from portal.audit import contributions
from portal.audit.models import AuditEntry, AuditVerification
from portal.crypto.alarms import raise_alarm
from portal.crypto.errors import IntegrityFailed
from portal.db import db, utc_now
from portal.web.slots import HOME_ATTENTION, NAVIGATION
from sqlalchemy import select

from tests.audit.conftest import MARA, Reader, signed_in


def titles(app, user=None) -> list[str]:
    with signed_in(app, user or Reader()), app.test_request_context("/"):
        return [found.title for found in contributions.attention(MARA)]


def ended(session, state: str, ago: timedelta = timedelta()) -> None:
    session.add(AuditVerification(state=state, requested_by="Mara", problem_text="Why.", finished_at=utc_now() - ago))
    session.commit()


@pytest.mark.parametrize(
    ("state", "ago", "expected"),
    [
        ("intact", timedelta(), []),
        ("intact", timedelta(days=3), ["The audit log has not been verified lately"]),
        ("broken", timedelta(), ["The audit log is broken"]),
        ("failed", timedelta(), ["The audit log could not be verified"]),
    ],
)
def test_home_says_when_the_chain_needs_somebody(session, isolation, state, ago, expected):
    ended(session, state, ago)
    assert titles(isolation) == expected


def test_home_says_when_the_chain_was_never_verified(session, isolation):
    assert titles(isolation) == ["The audit log has not been verified lately"]


def test_home_says_nothing_to_those_who_may_not_read_the_log(session, isolation):
    user = Reader()
    user.allowed = frozenset()
    assert titles(isolation, user) == []
    with signed_in(isolation, None), isolation.test_request_context("/"):
        assert contributions.attention(MARA) == []


def test_the_log_stands_in_its_slots(app):
    assert contributions.attention in HOME_ATTENTION.providers(app)
    assert contributions.navigation in NAVIGATION.providers(app)
    assert contributions.navigation()[0].label == "Audit log"


def test_a_cell_that_does_not_open_is_an_entry_whatever_becomes_of_the_page(session):
    row = uuid.uuid4()
    raise_alarm(IntegrityFailed("client.email", row))
    session.rollback()
    entry = db.session.scalar(select(AuditEntry))
    assert (entry.action, entry.object_type, entry.object_id) == ("crypto.undecryptable", "client.email", str(row))
    assert (entry.outcome, entry.reason) == ("failed", "integrity_failed")
