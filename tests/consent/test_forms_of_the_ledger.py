"""Two forms of the ledger side by side: events of the first still verify, and nothing can be hidden between them."""

import pytest
from portal.consent.models import ConsentEvent, ConsentState, Method
from portal.consent.operations import withdraw
from portal.consent.queries import check_ledger
from portal.consent.rules.ledger import FIELDS, FIRST_FIELDS, GENESIS, VERSION, canonical
from portal.crypto.keyring import mac
from portal.crypto.purposes import Purpose
from portal.db import new_id, transaction, utc_now

from tests.consent.conftest import READER, agree, some_client, some_topic


def first_form(maria, topic, wording, **facts) -> ConsentEvent:
    """An event as version 1 of the ledger wrote it."""
    now = utc_now()
    said = {"channel": "email", "event": "granted", "method": "spoken", "actor_kind": "staff", "actor_label": "Mara"}
    about = {"client_id": maria.id, "topic_id": topic.id, "wording_id": wording.id, "occurred_at": now}
    event = ConsentEvent(id=new_id(), seq=1, recorded_at=now, prev=GENESIS, version=1, **said, **about, **facts)
    event.key_id, event.mac = mac(Purpose.AUDIT, canonical(event))
    return event


def written(session, event: ConsentEvent) -> None:
    session.add(event)
    session.flush()
    about = {"client_id": event.client_id, "topic_id": event.topic_id, "channel": event.channel}
    session.add(ConsentState(**about, state="granted", since=event.occurred_at, event_id=event.id))
    session.flush()


def test_events_of_both_forms_make_one_whole_chain(session, maria, topic, wording):
    written(session, first_form(maria, topic, wording))
    second = agree(maria, topic, wording)
    third = withdraw(maria.id, topic.id, "email", Method.LINK, READER)
    assert [one.version for one in (second, third)] == [VERSION, VERSION]
    assert check_ledger(session) == []


def test_the_first_form_is_the_one_that_was_always_sealed(maria, topic, wording):
    event = first_form(maria, topic, wording)
    assert canonical(event).startswith(b'heedful/consent-ledger/v1:["')
    assert canonical(event).endswith(b'",1]')
    assert FIELDS[1] == FIRST_FIELDS == FIELDS[2][: len(FIRST_FIELDS)]


@pytest.mark.parametrize("facts", [{"legal_basis": "contract"}, {"expires_at": utc_now()}, {"carried": "granted"}])
def test_an_event_of_the_first_form_holds_nothing_that_its_seal_does_not_cover(session, maria, topic, wording, facts):
    written(session, first_form(maria, topic, wording, **facts))
    assert [one.text for one in check_ledger(session)] == ["Event 1 was changed: its seal does not fit."]


def test_an_event_of_a_form_nobody_knows_is_named(session, maria, topic, wording):
    event = first_form(maria, topic, wording)
    event.version = 9
    written(session, event)
    assert "Event 1 was changed" in check_ledger(session)[0].text


HARMS = [
    ("UPDATE consent_event SET version = 1", "was changed"),
    *[(f"UPDATE consent_event SET {field} = {value}", "was changed") for field, value in (
        ("topic_version", "7"), ("legal_basis", "'contract'"), ("statement_sha256", "NULL"), ("language", "'de'"),
        ("jurisdiction", "'US'"), ("source_url", "'https://x.example'"), ("source_name", "'x'"), ("user_agent", "'x'"),
        ("contact_point_hmac", "NULL"), ("refers_to_id", "id"), ("carried", "'granted'"), ("expires_at", "now()"),
    )],
    ("UPDATE topic_wording SET text = 'Everything, always'", "wording of event 1"),
    ("UPDATE consent_state SET expires_at = now()", "does not follow"),
    ("UPDATE consent_state SET pending_id = event_id, pending_until = now()", "does not follow"),
    ("DELETE FROM consent_state", "does not follow"),
]  # fmt: skip


def test_the_check_finds_every_change_of_what_the_second_form_seals(own_app, own_database):
    with own_app.app_context(), transaction() as session:
        maria, (topic, wording) = some_client(), some_topic()
        agree(maria, topic, wording)
        session.commit()
        assert check_ledger(session) == []
        tables = ("consent_event", "consent_state", "topic_wording")
        with own_database.connect("postgres") as connection:
            for table in tables:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            for harm, words in HARMS:
                connection.autocommit = True
                for table in tables:
                    connection.execute(f"CREATE TABLE before_{table} AS TABLE {table}")
                connection.execute(harm)
                session.rollback()
                session.expire_all()
                assert words in check_ledger(session)[0].text, harm
                session.rollback()
                for table in tables:
                    connection.execute(f"DELETE FROM {table}")
                    connection.execute(f"INSERT INTO {table} SELECT * FROM before_{table}")
                    connection.execute(f"DROP TABLE before_{table}")
        session.expire_all()
        assert check_ledger(session) == []
