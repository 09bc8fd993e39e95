"""The messages of a client who turned out to be another one."""

from portal.clients.operations import merge_clients
from portal.db import db, transaction, utc_now
from portal.gate.queries import facts_of
from portal.gate.rules import decide
from portal.messages.models import Message
from portal.messages.operations.joining import move_messages
from portal.messages.queries.hand_overs import list_hand_overs
from portal.messages.queries.standing import subject_of
from portal.web.actor import SYSTEM
from sqlalchemy import select


def test_messages_go_to_the_kept_client_and_meet_the_gate_there(session, ready, actions):
    with transaction():
        kept, gone = ready.client(1), ready.client(2)
        waiting = [ready.message(gone), ready.message(gone)]
        ready.withdraw(kept)
    with transaction():
        assert move_messages(kept, gone, SYSTEM) == ["2 messages moved"]
        merge_clients(kept, gone, [], SYSTEM)
    session.expunge_all()
    rows = session.scalars(select(Message).where(Message.id.in_(waiting)).order_by(Message.id)).all()
    assert {row.client_id for row in rows} == {kept}
    facts = facts_of(session, [subject_of(row) for row in rows], list_hand_overs)
    verdicts = [decide(facts[row.id].facts, utc_now()) for row in rows]
    assert [(verdict.answer, verdict.reason) for verdict in verdicts] == [("refuse", "withdrawn")] * 2


def test_a_client_without_messages_leaves_no_row_in_the_log(session, ready, actions):
    with transaction():
        kept, gone = ready.client(1), ready.client(2)
    with transaction():
        assert move_messages(kept, gone, SYSTEM) == ["0 messages moved"]
    assert "message.move" not in actions(3)
    assert db.session.scalar(select(Message.id)) is None
