"""Processes that write about one client at the same time: one chain without gaps, and one answer."""

import os
import subprocess
import sys

from portal.consent.models import ConsentEvent, Method
from portal.consent.operations import request_consent
from portal.consent.queries import check_ledger, standings
from portal.db import db, transaction

from tests.consent.conftest import READER, some_client, some_topic

WRITER = """
import sys, uuid
from portal.app import create_app
from portal.consent.models import Method
from portal.consent.operations import confirm_consent, record_consent, withdraw
from portal.db import transaction
from portal.web.actor import SYSTEM
client, topic, wording, request = (uuid.UUID(text) for text in sys.argv[1:])
with create_app().app_context():
    sys.stdin.readline()
    for number in range(10):
        with transaction():
            record_consent(client, topic, "sms", wording, Method.FORM, "", SYSTEM)
        with transaction():
            withdraw(client, topic, "sms", Method.LINK, SYSTEM)
    with transaction():
        print(confirm_consent(request, Method.LINK, SYSTEM).id)
"""


def test_two_processes_make_one_chain_and_confirm_a_request_once(own_app, own_database):
    with own_app.app_context(), transaction():
        maria, (topic, wording) = some_client(), some_topic()
        request = request_consent(maria.id, topic.id, "email", wording.id, Method.FORM, READER)
        ids = [str(one.id) for one in (maria, topic, wording, request)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, **own_database.environment()}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, *ids], env=environment, **pipes) for _ in range(2)]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = [writer.communicate(timeout=120)[0].split()[-1] for writer in writers]
    assert said[0] == said[1]
    with own_app.app_context():
        events = db.session.query(ConsentEvent).order_by(ConsentEvent.seq).all()
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert [event.event for event in events].count("confirmed") == 1
        assert check_ledger(db.session()) == []
        now = standings(db.session(), [maria.id])[maria.id]
        assert {channel: str(there.state) for (_, channel), there in now.items()} == {
            "email": "granted",
            "sms": "withdrawn",
        }
