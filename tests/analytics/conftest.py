"""One topic, one approved text, and withdrawals at any time."""

import uuid
from datetime import datetime, timedelta

import pytest
from portal.consent.models import ConsentEvent, Happening, Method, Topic
from portal.consent.operations.append import Said, append
from portal.consent.operations.held import hold_ledger
from portal.db import db, transaction, utc_now
from portal.messages.models import Message, MessageAttempt
from portal.web.actor import SYSTEM

from tests.messages.ready import make_ready


@pytest.fixture
def ready(session):
    with transaction():
        return make_ready()


@pytest.fixture
def say(ready):
    """Writes an event of the ledger as if it had been said days ago: `say(client_id, days=3)`."""

    def at(
        client_id: uuid.UUID, days: float = 0, event=Happening.WITHDRAWN, method=Method.LINK, **facts
    ) -> ConsentEvent:
        topic = db.session.get_one(Topic, facts.get("topic_id", ready.topic_id))
        when = utc_now() - timedelta(days=days)
        said = Said(client_id, topic, facts.get("channel", "email"), event, method, when)
        with transaction() as session:
            return append(session, {client_id: hold_ledger(session, client_id)}, [said], SYSTEM)[0]

    return at


@pytest.fixture
def hand(ready):
    """A message that was handed over at a moment; with `tries` also at those."""

    def over(client_id: uuid.UUID, at: datetime, *, tries: tuple[datetime, ...] = ()) -> uuid.UUID:
        with transaction() as session:
            message_id = ready.message(client_id)
            message = session.get_one(Message, message_id)
            message.state, message.handed_at = "accepted", at
            for number, moment in enumerate(tries):
                facts = {"outcome": "refused", "code": "451", "text": "", "worker": "test"}
                session.add(
                    MessageAttempt(message_id=message_id, number=number, started_at=moment, ended_at=moment, **facts)
                )
        return message_id

    return over
