"""The steps of a key's life, and writers that come too late (scenario 10)."""

import threading
from datetime import timedelta

import pytest
from portal.crypto.census import census
from portal.crypto.errors import KeyStillUsed, ProcessesBehind, StepRefused
from portal.crypto.keyring import KeyRing, reload_after_refusal, ring
from portal.crypto.lifecycle import activate, create_key, ensure_ring, mark_drained, retire
from portal.crypto.models import CryptoKey
from portal.crypto.purposes import KeyState, Purpose
from portal.db import db
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from tests.crypto.conftest import Card, Letter, ProbeBase, committed

BACKUPS = timedelta(days=35)
CARDS = ProbeBase.metadata


def step(act, *arguments):
    with committed() as session:
        return act(session, *arguments)


def active_key() -> int:
    query = select(CryptoKey.id).where(CryptoKey.purpose == Purpose.FIELD_PII, CryptoKey.state == KeyState.ACTIVE)
    return step(lambda session: session.scalars(query).one())


def replaced_key() -> int:
    """The key that drains after a new one was made, loaded by this process and activated."""
    old, new = active_key(), step(create_key, Purpose.FIELD_PII).id
    ring().reload()
    step(activate, new)
    return old


def retired_key() -> int:
    old = replaced_key()
    step(mark_drained, old, CARDS)
    return step(retire, old, BACKUPS, CARDS).id


def test_a_key_goes_through_its_states_and_each_leaves_its_date(own_probes):
    old = retired_key()
    with committed() as session:
        key, successor = session.get(CryptoKey, old), session.get(CryptoKey, active_key())
        assert (key.state, successor.state) == (KeyState.RETIRED, KeyState.ACTIVE)
        assert key.activated_at < successor.activated_at < key.drained_at < key.retired_at
        assert key.destroy_after - key.retired_at >= BACKUPS


def test_a_new_key_waits_until_every_running_process_has_loaded_it(own_probes):
    ring().reload()
    new = step(create_key, Purpose.FIELD_PII).id
    with committed() as session, pytest.raises(ProcessesBehind, match=f"must load key {new} first"):
        activate(session, new)
    ring().reload()
    assert step(activate, new).state == KeyState.ACTIVE


def test_processes_that_were_not_seen_for_two_minutes_are_not_waited_for(own_probes):
    ring().reload()
    step(lambda session: session.execute(text("UPDATE crypto_ring_ack SET seen_at = now() - interval '121 seconds'")))
    assert step(activate, step(create_key, Purpose.FIELD_PII).id).state == KeyState.ACTIVE


def test_processes_of_yesterday_are_forgotten(own_probes):
    step(lambda s: s.execute(text("INSERT INTO crypto_ring_ack VALUES ('gone:1', 0, now() - interval '25 hours')")))
    ring().reload()
    assert step(lambda s: s.scalar(text("SELECT count(*) FROM crypto_ring_ack WHERE process = 'gone:1'"))) == 0


def test_the_first_key_of_a_purpose_has_no_predecessor(own_probes):
    step(lambda session: session.execute(text("DELETE FROM crypto_key WHERE purpose = 'export'")))
    assert step(activate, step(create_key, Purpose.EXPORT).id).state == KeyState.ACTIVE


def test_steps_out_of_order_and_unknown_keys_are_refused(own_probes):
    old = replaced_key()
    with committed() as session:
        for act, arguments in ((activate, (old,)), (retire, (old, BACKUPS)), (mark_drained, (4711,))):
            with pytest.raises(StepRefused, match="this step takes a key that is"):
                act(session, *arguments)


def test_the_database_allows_one_active_key_for_a_purpose(own_probes):
    new = step(create_key, Purpose.FIELD_PII).id
    with Session(db.engine) as session, pytest.raises(DBAPIError, match="uq_crypto_key_active"):
        session.execute(text("UPDATE crypto_key SET state = 'active' WHERE id = :id"), {"id": new})


def test_two_first_starts_make_one_ring(own_app, own_database):
    with own_database.connect() as owner:
        owner.execute("TRUNCATE crypto_key, crypto_ring")
    made = []

    def start():
        with own_app.app_context():
            made.append(len(step(ensure_ring)))

    threads = [threading.Thread(target=start) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(made) == [0, 0, 0, len(Purpose)]


def test_cells_are_counted_by_key_and_purpose_over_all_tables(own_probes):
    step(lambda session: session.add_all([Card(name="Ada", note="n"), Card(name="Bo"), Letter(body="b", name="Ada")]))
    old = replaced_key()
    ring().reload()
    step(lambda session: session.add(Card(name="Cy")))
    with committed() as session:
        assert census(session, Purpose.FIELD_PII, CARDS) == {old: 4, active_key(): 1}
        assert census(session, Purpose.FIELD_MESSAGE, CARDS).total() == 1
        assert census(session, Purpose.TOTP, CARDS) == {}


def test_a_key_is_not_drained_while_cells_use_it(own_probes):
    step(lambda session: session.add(Card(name="Ada", note="n")))
    old = replaced_key()
    with committed() as session, pytest.raises(KeyStillUsed, match=f"2 cells are still sealed under key {old}"):
        mark_drained(session, old, CARDS)


def test_keys_behind_lasting_hashes_are_not_drained(own_probes):
    with committed() as session:
        old = session.scalars(select(CryptoKey.id).where(CryptoKey.purpose == Purpose.BIDX_EMAIL)).one()
    step(activate, step(create_key, Purpose.BIDX_EMAIL).id)
    with committed() as session, pytest.raises(StepRefused, match="lasting hashes"):
        mark_drained(session, old)


def test_a_writer_with_the_draining_key_is_still_served_and_seen_by_the_census(own_probes):
    ring().reload()
    old = replaced_key()
    stale_cell = Card(name="Ada")
    step(lambda session: session.add(stale_cell))
    assert step(census, Purpose.FIELD_PII, CARDS) == {old: 1}


def test_a_stale_worker_is_refused_after_retirement_and_its_job_is_done_once_after_a_reload(own_probes):
    ring().reload()
    retired_key()
    sent = []

    def job():
        letter = Letter(body="Your order has left.", name="Ada")
        step(lambda session: session.add(letter))
        sent.append(letter.id)

    with pytest.raises(DataError, match="is retired and may not be written") as refused:
        job()
    assert reload_after_refusal(refused.value)
    job()
    with committed() as session:
        assert [(one.id, one.name) for one in session.scalars(select(Letter))] == [(sent[0], "Ada")]
    assert len(sent) == 1


def test_other_refusals_of_the_database_do_not_ask_for_a_retry(own_probes):
    with committed() as session:
        with pytest.raises(DataError) as refused:
            session.execute(text("UPDATE crypto_ring SET generation = 1 / 0"))
        session.rollback()
    assert not reload_after_refusal(refused.value)


def test_an_old_cell_can_still_be_read_after_its_key_retired(own_probes):
    cell = ring().seal(Purpose.FIELD_PII, "card.name", Card().id, b"Ada")
    row_id = Card().id
    cell = ring().seal(Purpose.FIELD_PII, "card.name", row_id, b"from a backup")
    retired_key()
    assert KeyRing(db.engine).open(Purpose.FIELD_PII, "card.name", row_id, cell) == b"from a backup"


def test_draining_waits_for_a_writer_that_has_not_committed_yet(own_probes):
    ring().reload()
    old = replaced_key()
    with Session(db.engine) as writer:
        writer.add(Card(name="Ada"))
        writer.flush()
        with Session(db.engine) as drainer:
            drainer.execute(text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                mark_drained(drainer, old, CARDS)
        writer.commit()
    with committed() as session, pytest.raises(KeyStillUsed):
        mark_drained(session, old, CARDS)


def test_a_writer_whose_snapshot_is_older_than_the_retirement_is_refused(own_probes):
    ring().reload()
    old = replaced_key()
    with Session(db.engine.execution_options(isolation_level="REPEATABLE READ")) as writer:
        writer.execute(select(func.count()).select_from(Card))
        step(mark_drained, old, CARDS)
        writer.add(Card(name="Ada"))
        with pytest.raises(OperationalError, match="could not serialize"):
            writer.flush()
