"""What is held about a person can be handed out and taken away; what is old goes by itself."""

from datetime import timedelta

from portal.clients.operations import add_client
from portal.clients.operations.merging import merge_clients
from portal.db import db, new_id, transaction, utc_now
from portal.messages.models import CapturedSms
from portal.messages.personal_data import erase_for as erase_messages_for
from portal.queue.periodic import PERIODIC
from portal.verification.models import Verification
from portal.verification.operations import follow_merge, remove_verifications, start
from portal.verification.personal_data import erase_for, export_for
from portal.web.actor import SYSTEM
from portal.web.slots import CLIENT_MERGED
from sqlalchemy import select, update

from tests.verification.conftest import NUMBER, OTHER, caught, code_in, target, typed

DAY = timedelta(days=1)


def test_everything_held_is_handed_out_without_the_number(simulation):
    client_id = new_id()
    first = start(target(client_id=client_id), SYSTEM)
    typed(first.verification_id, code_in(caught()[0].body))
    start(target(OTHER, client_id=client_id), SYSTEM)
    found = export_for(client_id)["verifications"]
    assert [(one["purpose"], one["state"], bool(one["confirmed_at"])) for one in found] == [
        ("opt_in", "confirmed", True),
        ("opt_in", "sent", False),
    ]
    assert NUMBER[1:] not in str(found)
    assert export_for(new_id()) == {"verifications": []}


def test_an_erasure_unlinks_the_person_and_keeps_the_limits(live, entries):
    client_id = new_id()
    live.start(client_id=client_id)
    with transaction():
        assert erase_for(client_id, SYSTEM) == {"verification": 1}
    row = db.session.scalars(select(Verification)).one()
    assert (row.client_id, row.provider_id) == (None, None)
    assert entries()[-1] == ("verification.unlink", "done")
    assert live.start().error_code == "RATE_LIMIT_EXCEEDED"
    with transaction():
        assert erase_for(client_id, SYSTEM) == {"verification": 0}
    assert entries()[-1] == ("verification.unlink", "done")


def test_an_erasure_takes_the_caught_sms_of_the_person(simulation):
    client_id = new_id()
    start(target(client_id=client_id), SYSTEM)
    start(target(OTHER), SYSTEM)
    with transaction():
        assert erase_messages_for(client_id, SYSTEM) == {"message": 0, "captured_email": 0, "captured_sms": 1}
    assert [sms.address for sms in caught()] == [OTHER]


def test_verifications_follow_their_client_into_a_merge(isolation, simulation, entries):
    with transaction():
        kept, gone = (add_client(name, f"{name}@harbour.example", "en", "UTC", SYSTEM).id for name in ("ana", "maria"))
    first = start(target(client_id=gone), SYSTEM).verification_id
    followers = CLIENT_MERGED.providers(isolation)
    with transaction():
        said = merge_clients(kept, gone, followers, SYSTEM)
    assert "1 verification by code moved" in said
    assert db.session.get(Verification, first).client_id == caught()[0].client_id == kept
    assert ("verification.merge", "done") in entries()
    with transaction():
        assert follow_merge(kept, gone, SYSTEM) == []


def test_old_verifications_and_their_caught_codes_go_once_a_day(simulation, session, entries):
    old = start(target(), SYSTEM).verification_id
    old_sms = caught()[0].id
    with transaction():
        at = utc_now() - 31 * DAY
        db.session.execute(update(Verification).where(Verification.id == old).values(started_at=at))
        db.session.execute(update(CapturedSms).where(CapturedSms.id == old_sms).values(captured_at=at))
    young = start(target(), SYSTEM).verification_id
    for _ in range(2):
        with transaction() as own:
            PERIODIC["verification.purge"].function(own)
    assert list(session.scalars(select(Verification.id))) == [young]
    assert old_sms not in [sms.id for sms in caught()]
    assert [action for action, _ in entries()].count("verification.purge") == 1


def test_verifications_of_demo_clients_go_with_them_and_no_others(simulation, session, entries):
    gone, stays = new_id(), new_id()
    for client_id, number in ((gone, NUMBER), (stays, OTHER)):
        start(target(number, client_id=client_id), SYSTEM)
    with transaction():
        assert remove_verifications([gone], SYSTEM) == 1
    assert list(session.scalars(select(Verification.client_id))) == [stays]
    assert entries()[-1] == ("verification.remove", "done")


def test_the_timeline_of_a_client_shows_what_became_of_a_code(live, as_compliance_officer):
    with transaction():
        client_id = add_client("Ana Silva", "ana@harbour.example", "en", "Europe/Lisbon", SYSTEM).id
    live.twilio.fails(21614)
    live.start(client_id=client_id)
    live.start(OTHER, client_id=client_id, purpose="identity")
    page = as_compliance_officer.get(f"/clients/{client_id}").text
    assert "Code to confirm a subscription by SMS: not sent (21614)" in page
    assert "Code to prove the identity by SMS: sent, not entered yet" in page
