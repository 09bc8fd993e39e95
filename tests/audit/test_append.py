"""The chain grows once for each commit, and never for anything that did not happen."""

import pytest
from portal.audit.events import AccessType
from portal.audit.models import AuditEntry, AuditVerification
from portal.audit.operations import AuditUnavailable, record, record_read
from portal.audit.operations.collect import PurposeMissing
from portal.audit.operations.sealing import is_sealed
from portal.audit.queries import chain_rows, head
from portal.audit.rules.canonical import GENESIS
from portal.audit.rules.chain import Position, follow
from portal.db import db, new_session, transaction
from portal.web.actor import SYSTEM, Actor, ActorKind
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tests.audit.conftest import MARA, Deed, write


def entries(session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def test_an_entry_keeps_who_what_whom_how_when_and_from_where(session):
    with transaction():
        record_read(Deed.LOOK, MARA, subject_refs=["cl_8f3a"], purpose="client called", object_type="client")
    entry = entries(session)[-1]
    assert (entry.actor_label, entry.actor_id, entry.actor_roles) == ("Mara Kessler", MARA.id, ["compliance_officer"])
    assert (entry.action, entry.access_type, entry.subject_refs) == ("probe.look", "view", ["cl_8f3a"])
    assert (entry.purpose, entry.ip, entry.outcome) == ("client called", "10.1.2.3", "done")
    assert entry.at.tzinfo is not None


def test_entries_are_linked_from_the_first_one_on(log):
    with new_session() as session:
        rows = chain_rows(session, 0, 100)
    assert [row["seq"] for row in rows] == list(range(1, 11))
    assert [bytes(row["prev"]) for row in rows] == [GENESIS, *(bytes(row["mac"]) for row in rows[:-1])]
    assert follow(rows, Position(), {}, is_sealed) == (Position(10, bytes(rows[-1]["mac"])), None)


def test_several_entries_of_one_commit_follow_one_another(session):
    before = head(session).seq
    with transaction():
        record(Deed.CHANGE, SYSTEM, object_id="a")
        record(Deed.CHANGE, SYSTEM, object_id="b", subject_ref="cl_1")
    assert [(e.seq - before, e.object_id, e.subject_refs) for e in entries(session)[-2:]] == [
        (1, "a", []),
        (2, "b", ["cl_1"]),
    ]


def test_a_rollback_forgets_what_was_recorded(session):
    record(Deed.CHANGE, SYSTEM)
    session.rollback()
    session.commit()
    assert entries(session) == []


def test_closing_a_session_forgets_what_was_recorded(session):
    record(Deed.CHANGE, SYSTEM)
    session.close()
    session.commit()
    assert entries(session) == []


def test_a_savepoint_that_is_rolled_back_takes_its_entries_with_it(session):
    record(Deed.CHANGE, SYSTEM, object_id="outer")
    outer = session.begin_nested()
    with session.begin_nested():
        record(Deed.CHANGE, SYSTEM, object_id="inner")
    outer.rollback()
    session.commit()
    assert [entry.object_id for entry in entries(session)] == ["outer"]


def test_a_savepoint_writes_nothing_before_its_transaction_commits(session):
    with session.begin_nested():
        record(Deed.CHANGE, SYSTEM, object_id="inner")
    assert entries(session) == []
    session.commit()
    assert [entry.object_id for entry in entries(session)] == ["inner"]


def test_a_flush_that_fails_fails_the_commit_and_leaves_no_entry(session):
    record(Deed.CHANGE, SYSTEM)
    session.add(AuditVerification(state="nonsense", requested_by="Mara"))
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    assert entries(session) == []


def test_a_change_is_undone_when_its_entry_cannot_be_written(own_app, own_database):
    with own_database.connect() as owner:
        owner.execute("REVOKE INSERT ON audit_entry FROM heedful_app")
    with own_app.app_context():
        db.session.add(AuditVerification(requested_by="Mara"))
        record(Deed.CHANGE, SYSTEM)
        with pytest.raises(AuditUnavailable):
            db.session.commit()
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(AuditVerification)) == 0


def test_a_look_at_many_clients_names_every_one_of_them(session):
    with transaction():
        record_read(Deed.LOOK, MARA, subject_refs=[f"cl_{n}" for n in range(250)], access_type=AccessType.SEARCH)
    assert [len(entry.subject_refs) for entry in entries(session)] == [100, 100, 50]
    assert {ref for entry in entries(session) for ref in entry.subject_refs} == {f"cl_{n}" for n in range(250)}


@pytest.mark.parametrize("access", [AccessType.EXPORT, AccessType.DECRYPT])
def test_taking_data_out_needs_a_purpose(session, access):
    with pytest.raises(PurposeMissing):
        record_read(Deed.LOOK, MARA, access_type=access, purpose=" ")


def test_addresses_and_numbers_never_reach_the_reason(session):
    with transaction():
        record(
            Deed.CHANGE,
            MARA,
            reason="mail ann@tidewell.example or +351 912 345 678 on 2026-11-20",
            purpose="a@b.example",
        )
    entry = entries(session)[-1]
    assert entry.reason == "mail [address] or [number] on 2026-11-20"
    assert entry.purpose == "[address]"


@pytest.mark.parametrize(
    ("kind", "ip", "kept"),
    [
        (ActorKind.CLIENT, "203.0.113.77", "203.0.113.0/24"),
        (ActorKind.CLIENT, "2001:db8:1:2::3", "2001:db8:1::/48"),
        (ActorKind.CLIENT, "not an address", ""),
        (ActorKind.STAFF, "203.0.113.77", "203.0.113.77"),
        (ActorKind.CLIENT, None, None),
    ],
)
def test_only_the_network_of_a_client_is_kept(session, kind, ip, kept):
    with transaction():
        record(Deed.CHANGE, Actor(kind, "somebody", ip=ip))
    assert entries(session)[-1].ip == kept


def test_odd_text_never_stops_an_entry(session):
    with transaction():
        record(Deed.CHANGE, Actor(ActorKind.STAFF, "nul \0 and \udc80"), object_id="\0", reason="\ud800")
    assert entries(session)[-1].actor_label == "nul \ufffd and ?"


def test_the_chain_waits_for_a_commit_and_goes_on_after_a_rollback(log):
    with new_session() as slow, new_session() as reading:
        record(Deed.CHANGE, SYSTEM, session=slow)
        slow.execute(text("SELECT * FROM heedful_audit_head()"))
        write_blocked = reading.scalar(text("SELECT pg_try_advisory_xact_lock(7203331002)"))
        slow.rollback()
    write()
    with new_session() as session:
        assert write_blocked is False
        assert head(session).seq == 11
