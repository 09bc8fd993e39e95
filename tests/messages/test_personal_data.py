"""What messages hold about a person can be handed out and erased."""

import pytest
from portal.audit.models import AuditEntry
from portal.db import db
from portal.messages.models import CapturedEmail, Message
from portal.messages.personal_data import erase_for, export_for
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

from tests.messages.ready import make_ready


@pytest.fixture
def client_id(session):
    ready = make_ready()
    client = ready.client()
    sent = db.session.get_one(Message, ready.message(client))
    sent.state = "accepted"
    sent.accepted_at = sent.created_at
    caught = CapturedEmail(message_id=sent.id)
    caught.raw = "Subject: x"
    db.session.add(caught)
    ready.message(client)
    db.session.commit()
    return client


def test_every_message_is_handed_out_with_its_values(client_id):
    messages = export_for(client_id)["messages"]
    assert [message["state"] for message in messages] == ["accepted", "queued"]
    assert messages[0]["fields"] == {"event_name": "Harbour Gala"}
    assert messages[1]["accepted_at"] is None


def test_erasing_empties_the_values_and_ends_what_waits(client_id):
    assert erase_for(client_id, SYSTEM) == {"message": 2, "captured_email": 1, "captured_sms": 0}
    db.session.commit()
    states = db.session.scalars(select(Message.state).order_by(Message.id)).all()
    assert states == ["accepted", "cancelled"]
    assert db.session.scalar(select(func.count()).select_from(CapturedEmail)) == 0
    assert export_for(client_id)["messages"][0]["fields"] == {}


def test_erasing_twice_changes_nothing_more(client_id):
    erase_for(client_id, SYSTEM)
    db.session.commit()
    assert erase_for(client_id, SYSTEM) == {"message": 0, "captured_email": 0, "captured_sms": 0}
    db.session.commit()
    rows = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "message.erase")).all()
    assert len(rows) == 1
