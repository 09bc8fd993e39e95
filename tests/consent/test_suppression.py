"""The suppression list: what stops what, who may take it off, and that it outlives keys and people."""

import pytest
from portal.audit.models import AuditEntry
from portal.clients.personal_data import erase_for as erase_client
from portal.consent.models import (
    RemovalState,
    Suppression,
    SuppressionOrigin,
    SuppressionReason,
    SuppressionRemoval,
    SuppressionScope,
)
from portal.consent.operations import (
    approve_removal,
    ask_for_removal,
    deny_removal,
    lift_by_person,
    suppress,
    suppress_many,
)
from portal.consent.personal_data import erase_for
from portal.consent.queries import suppressed, suppressed_scopes
from portal.consent.rules.suppression import RemovalRefused
from portal.crypto.blind_index import NotAnAddress
from portal.crypto.errors import KeyStillUsed
from portal.crypto.keyring import forget_rings
from portal.crypto.lifecycle import activate, create_key, mark_drained
from portal.crypto.models import CryptoKey
from portal.crypto.purposes import Purpose
from portal.db import new_id, transaction
from portal.web.actor import SYSTEM, Actor, ActorKind
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.consent.conftest import READER, STAFF

SECOND = Actor(ActorKind.STAFF, "Priya Raman", id=new_id())
MARIA, PHONE = "maria@rivertown.example", "+351912345678"
MARKETING = SuppressionScope.MARKETING


def stop(session, reason="manual", address=MARIA, channel="email", **facts) -> Suppression:
    assert suppress(session, channel, address, SuppressionReason(reason), source="by hand", actor=STAFF, **facts)
    return session.scalars(select(Suppression).order_by(Suppression.id.desc())).first()


def is_stopped(session, address=MARIA, channel="email", **facts) -> bool:
    return bool(suppressed(session, {1: (channel, address)}, **facts))


def actions(session) -> list[str]:
    session.commit()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_what_stops_marketing_leaves_the_rest_alone(session):
    stop(session, scope=MARKETING)
    assert is_stopped(session)
    assert is_stopped(session, marketing={1})
    assert not is_stopped(session, marketing=set())
    stop(session)
    assert is_stopped(session, marketing=set())
    assert suppressed_scopes(session, {1: ("email", MARIA), 2: ("sms", PHONE), 3: ("sms", "1")}) == {
        1: {SuppressionScope.ALL, MARKETING},
        2: frozenset(),
        3: {SuppressionScope.ALL},
    }


def test_an_address_stands_there_once_for_each_reason_and_not_for_less_than_it_does(session):
    stop(session)
    stop(session, "opted_out")
    facts = {"source": "again", "actor": STAFF}
    assert not suppress(session, "email", MARIA, SuppressionReason.MANUAL, **facts)
    assert not suppress(session, "email", MARIA, SuppressionReason.MANUAL, scope=MARKETING, **facts)
    origins = session.execute(select(Suppression.reason, Suppression.origin).order_by(Suppression.reason)).all()
    assert [tuple(row) for row in origins] == [("manual", "staff"), ("opted_out", "person")]


def test_who_agrees_again_lifts_their_own_choice_and_nothing_else(session):
    request_for = stop(session, "opted_out", origin=SuppressionOrigin.STAFF)
    request = ask_for_removal(request_for.id, "Typed wrongly", STAFF)
    stop(session, "erased")
    stop(session, "bounced")
    assert lift_by_person(session, "email", " MARIA@rivertown.example", READER) == 2
    assert lift_by_person(session, "email", MARIA, READER) == 0
    assert session.scalars(select(Suppression.reason)).all() == ["bounced"]
    session.refresh(request)
    assert request.state == RemovalState.GONE
    assert actions(session).count("consent.lift_suppression") == 2


def test_only_the_asked_for_reasons_are_lifted(session):
    stop(session, "erased")
    assert lift_by_person(session, "email", MARIA, READER, reasons={SuppressionReason.OPTED_OUT}) == 0
    assert lift_by_person(session, "email", MARIA, READER, reasons={SuppressionReason.MANUAL}) == 0
    assert is_stopped(session)


def test_two_people_take_an_entry_off_and_both_are_in_the_log(session):
    entry = stop(session)
    request = ask_for_removal(entry.id, "Blocked by mistake, see call of 3 March to maria@rivertown.example", STAFF)
    assert is_stopped(session)
    approve_removal(request.id, "Checked with the client", SECOND)
    assert not is_stopped(session)
    session.refresh(request)
    assert (request.state, request.asked_label, request.decided_label) == ("approved", "Mara Kessler", "Priya Raman")
    assert "maria" not in request.asked_because
    assert actions(session)[-2:] == ["consent.ask_for_removal", "consent.approve_removal"]
    with pytest.raises(RemovalRefused, match="not on the list any more"):
        ask_for_removal(entry.id, "Again", STAFF)


def test_the_asking_person_cannot_decide_and_nobody_decides_twice(session):
    request = ask_for_removal(stop(session).id, "Blocked by mistake", STAFF)
    for decide in (approve_removal, deny_removal):
        with pytest.raises(RemovalRefused, match="You asked for this yourself"):
            decide(request.id, "Fine", STAFF)
    with pytest.raises(RemovalRefused, match="Only a member of staff"):
        approve_removal(request.id, "Fine", SYSTEM)
    with pytest.raises(RemovalRefused, match="Say why"):
        deny_removal(request.id, "  ", SECOND)
    session.rollback()


def test_a_denied_removal_leaves_the_entry_and_can_be_asked_for_again(session):
    entry = stop(session)
    request = ask_for_removal(entry.id, "Blocked by mistake", STAFF)
    with pytest.raises(RemovalRefused, match="asked for this already"):
        ask_for_removal(entry.id, "Blocked by mistake", SECOND)
    deny_removal(request.id, "The client did ask for it", SECOND)
    assert is_stopped(session)
    with pytest.raises(RemovalRefused, match="decided already"):
        approve_removal(request.id, "Now it is fine", SECOND)
    assert ask_for_removal(entry.id, "The client called", SECOND).state == "open"


@pytest.mark.parametrize(
    ("reason", "origin", "may"),
    [
        ("opted_out", "person", False),
        ("opted_out", "provider", False),
        ("opted_out", "staff", True),
        ("opted_out", "import", True),
        ("erased", "staff", False),
        ("bounced", "provider", True),
        ("complained", "provider", True),
    ],
)
def test_nobody_on_the_staff_takes_off_what_a_person_chose(session, reason, origin, may):
    entry = stop(session, reason, origin=SuppressionOrigin(origin))
    if may:
        assert ask_for_removal(entry.id, "A slip of typing", STAFF)
    else:
        with pytest.raises(RemovalRefused, match="agrees again"):
            ask_for_removal(entry.id, "A slip of typing", STAFF)


@pytest.mark.parametrize(
    "statement",
    [
        delete(Suppression),
        update(Suppression).values(reason="opted_out"),
        text("TRUNCATE suppression"),
        text("UPDATE suppression_removal SET state = 'approved', decided_by = asked_by"),
        text("UPDATE suppression_removal SET state = 'approved'"),
    ],
)
def test_the_database_itself_wants_a_second_person(session, statement):
    ask_for_removal(stop(session).id, "Blocked by mistake", STAFF)
    session.commit()
    with (
        pytest.raises(DBAPIError, match=r"list is kept|permission denied|second_person|decided"),
        session.begin_nested(),
    ):
        session.execute(statement)
    assert is_stopped(session)


def test_a_whole_list_is_added_in_one_go(session):
    stop(session, "imported", "known@rivertown.example")
    addresses = [f"a{number}@rivertown.example" for number in range(1500)]
    wanted = [*addresses, " A1@RIVERTOWN.example", "known@rivertown.example"]
    facts = {"source": "old system", "actor": STAFF}
    added = suppress_many(session, "email", wanted, SuppressionReason.IMPORTED, **facts)
    assert (added.added, added.known) == (1500, 2)
    again = suppress_many(session, "email", wanted[-3:], SuppressionReason.IMPORTED, scope=MARKETING, **facts)
    assert (again.added, again.known) == (0, 3)
    assert len(suppressed(session, dict(enumerate(("email", one) for one in wanted)))) == 1502
    assert suppress_many(session, "email", [], SuppressionReason.IMPORTED, **facts).added == 0
    with pytest.raises(NotAnAddress):
        suppress_many(session, "email", ["nobody"], SuppressionReason.IMPORTED, **facts)
    assert actions(session).count("consent.suppress_many") == 3


def test_the_list_outlives_the_erasure_of_a_person(session, maria):
    stop(session, "complained")
    erase_for(maria.id, STAFF)
    erase_client(maria.id, STAFF)
    session.commit()
    assert sorted(session.scalars(select(Suppression.reason))) == ["complained", "erased"]
    assert is_stopped(session, "Maria@RIVERTOWN.example")


def test_after_two_changes_of_the_key_everybody_stays_stopped_and_no_key_ends_while_it_holds_somebody_up(own_app):
    with own_app.app_context():
        keys = []
        for address in ("a@rivertown.example", "b@rivertown.example", "c@rivertown.example"):
            with transaction() as session:
                keys.append(stop(session, "opted_out", address).key_id)
            with transaction() as session:
                session.execute(text("DELETE FROM crypto_ring_ack"))
                activate(session, create_key(session, Purpose.SUPPRESSION).id)
            forget_rings()
        assert len(set(keys)) == 3
        with transaction() as session:
            everybody = {letter: ("email", f"{letter}@rivertown.example") for letter in "abcd"}
            assert suppressed(session, everybody) == {"a", "b", "c"}
            with pytest.raises(KeyStillUsed, match=f"rest on key {keys[0]}: 1"):
                mark_drained(session, keys[0])
        for harm in ("DELETE FROM crypto_key WHERE id = :id", "UPDATE crypto_key SET state = 'drained' WHERE id = :id"):
            with pytest.raises(DBAPIError, match="holds up the suppression list"), transaction() as session:
                session.execute(text(harm), {"id": keys[0]})
        with transaction() as session:
            assert lift_by_person(session, "email", "a@rivertown.example", READER) == 1
            assert mark_drained(session, keys[0]).state == "drained"


def test_no_hash_is_taken_under_a_key_that_has_ended(own_app):
    with own_app.app_context():
        with transaction() as session:
            old = session.scalars(select(CryptoKey).where(CryptoKey.purpose == Purpose.SUPPRESSION)).one()
            session.execute(text("DELETE FROM crypto_ring_ack"))
            activate(session, create_key(session, Purpose.SUPPRESSION).id)
        row = {"id": new_id(), "address_hash": b"x" * 32, "key_id": old.id, "channel": "email", "scope": "all"}
        row |= {"reason": "manual", "source": "late"}
        with transaction() as session:
            session.execute(update(CryptoKey).where(CryptoKey.id == old.id).values(state="retired"))
        with pytest.raises(DBAPIError, match="no hash under key"), transaction() as session:
            session.add(Suppression(**row))


def test_what_people_said_about_a_removal_is_kept(session):
    entry = stop(session)
    approve_removal(ask_for_removal(entry.id, "Mistake", STAFF).id, "Right", SECOND)
    session.commit()
    row = session.scalars(select(SuppressionRemoval)).one()
    assert (row.suppression_id, row.asked_because, row.decided_because) == (entry.id, "Mistake", "Right")
