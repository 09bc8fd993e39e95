"""The key ring of a process: when it reads, what it refuses, threads and forks."""

import copy
import os
import pickle
import threading

import pytest
from portal.config.current import current
from portal.crypto import keyring
from portal.crypto.errors import NotAnEnvelope, UnknownKey, WrongPurpose
from portal.crypto.keyring import KeyRing, mac, ring, verify_mac
from portal.crypto.lifecycle import create_key
from portal.crypto.purposes import SEALING, Purpose
from portal.db import db, new_id
from sqlalchemy import event, text
from structlog.testing import capture_logs

from tests.crypto.conftest import committed, spoil

ROW = new_id()


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def ring_of_another_process(clock):
    """A ring beside the process's own, which counts its connections."""
    own = KeyRing(db.engine, clock)
    own.connections = 0

    def count(*_):
        own.connections += 1

    event.listen(own._reader, "connect", count)
    own.seal(Purpose.FIELD_PII, "card.name", ROW, b"first use")
    assert own.connections == 1
    return own


@pytest.fixture
def own_ring(probes, clock):
    return ring_of_another_process(clock)


def new_key(purpose=Purpose.FIELD_PII) -> int:
    with committed() as session:
        return create_key(session, purpose).id


def under(key_id: int, cell: bytes) -> bytes:
    return cell[:2] + key_id.to_bytes(4, "big") + cell[6:]


def test_whoever_reads_keys_waits_as_long_for_the_server_as_everybody_else(own_ring):
    settings = current().database
    with own_ring._reader.connect() as connection:
        times = "SELECT setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name"
        waits = connection.scalars(text(times)).all()
    assert waits == [str(settings.lock_timeout_ms), str(settings.statement_timeout_ms)]


@pytest.mark.parametrize("purpose", sorted(SEALING))
def test_cells_open_under_their_purpose_only(own_ring, purpose):
    cell = own_ring.seal(purpose, "card.name", ROW, b"Ada")
    assert own_ring.open(purpose, "card.name", ROW, cell) == b"Ada"
    for other in SEALING - {purpose}:
        with pytest.raises(WrongPurpose):
            own_ring.open(other, "card.name", ROW, cell)


def test_keys_for_macs_seal_nothing_and_keys_for_cells_make_no_macs(own_ring):
    with pytest.raises(TypeError, match="seal no cells"):
        own_ring.seal(Purpose.AUDIT, "card.name", ROW, b"Ada")
    with pytest.raises(TypeError, match="make no MACs"):
        own_ring.mac(Purpose.FIELD_PII, b"Ada")


def test_macs_name_their_key_and_hold_for_their_purpose_and_data_only(probes):
    key_id, tag = mac(Purpose.AUDIT, b"row 1")
    assert len(tag) == 32
    assert verify_mac(Purpose.AUDIT, key_id, b"row 1", tag)
    assert not verify_mac(Purpose.AUDIT, key_id, b"row 2", tag)
    assert not verify_mac(Purpose.SUPPRESSION, key_id, b"row 1", tag)
    assert not verify_mac(Purpose.AUDIT, 99, b"row 1", tag)


def test_what_was_stored_under_any_key_of_a_purpose_can_be_found_again(own_ring):
    before = own_ring.macs(Purpose.SUPPRESSION, b"address")
    assert own_ring.mac(Purpose.SUPPRESSION, b"address") in before
    added = new_key(Purpose.SUPPRESSION)
    own_ring.reload()
    after = own_ring.macs(Purpose.SUPPRESSION, b"address")
    assert after[:-1] == before
    assert [key_id for key_id, _ in after if key_id not in dict(before)] == [added]
    assert len({tag for _, tag in after}) == len(after)


def test_plaintext_is_never_opened(own_ring):
    with pytest.raises(NotAnEnvelope):
        own_ring.open(Purpose.FIELD_PII, "card.name", ROW, b"Ada Tidewell")


def test_a_key_made_meanwhile_is_read_as_soon_as_a_cell_names_it(own_ring):
    key_id = new_key()
    cell = own_ring.seal(Purpose.FIELD_PII, "card.name", ROW, b"Ada")
    assert own_ring.require_known("card.name", ROW, under(key_id, cell)) == key_id
    assert own_ring.connections == 2


def test_unknown_keys_are_asked_for_at_most_once_a_second(own_ring, clock):
    cell = under(77, own_ring.seal(Purpose.FIELD_PII, "card.name", ROW, b"Ada"))
    for _ in range(50):
        with pytest.raises(UnknownKey):
            own_ring.open(Purpose.FIELD_PII, "card.name", ROW, cell)
    assert own_ring.connections == 2
    clock.now += 1
    with pytest.raises(UnknownKey):
        own_ring.open(Purpose.FIELD_PII, "card.name", ROW, cell)
    assert own_ring.connections == 3


def test_a_change_of_generation_is_noticed_within_five_seconds_of_use(own_ring, clock):
    key_id = new_key()
    own_ring.mac(Purpose.AUDIT, b"")
    assert key_id not in own_ring._state.keys
    clock.now += 5
    own_ring.mac(Purpose.AUDIT, b"")
    assert key_id in own_ring._state.keys


def test_polling_without_a_change_reads_the_generation_alone_and_says_seldom_that_it_lives(own_ring, clock):
    state = own_ring._state
    for _ in range(13):
        clock.now += 5
        own_ring.mac(Purpose.AUDIT, b"")
    assert own_ring._state is state
    assert own_ring._acknowledged_at == clock.now - 5


def test_while_one_thread_polls_the_others_go_on(own_ring, clock):
    clock.now += 5
    with own_ring.lock:
        own_ring.mac(Purpose.AUDIT, b"")
    assert own_ring.connections == 1


@pytest.mark.parametrize(
    "harm", ["ALTER TABLE crypto_ring RENAME TO gone", "UPDATE crypto_key SET kek_fp = '12345678'"]
)
def test_a_loaded_ring_goes_on_when_it_cannot_be_read_again(own_probes, clock, harm):
    own_ring = ring_of_another_process(clock)
    cell = own_ring.seal(Purpose.FIELD_PII, "card.name", ROW, b"Ada")
    spoil(own_probes, "UPDATE crypto_ring SET generation = generation + 1", harm)
    clock.now += 5
    with capture_logs() as logs:
        assert own_ring.open(Purpose.FIELD_PII, "card.name", ROW, cell) == b"Ada"
        with pytest.raises(UnknownKey):
            own_ring.open(Purpose.FIELD_PII, "card.name", ROW, under(77, cell))
    assert [log["event"] for log in logs] == ["crypto.ring_not_refreshed"] * 2


def test_many_threads_read_a_fresh_ring_once(own_ring, probes):
    shared, start, opened = KeyRing(db.engine), threading.Barrier(8), []
    connections = []
    event.listen(shared._reader, "connect", lambda *_: connections.append(1))
    cell = own_ring.seal(Purpose.FIELD_PII, "card.name", ROW, b"Ada")

    def work():
        start.wait()
        opened.extend(shared.open(Purpose.FIELD_PII, "card.name", ROW, cell) for _ in range(100))

    threads = [threading.Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (opened, len(connections)) == ([b"Ada"] * 800, 1)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_uses_the_ring_although_another_thread_held_its_lock(probes):
    cell = ring().seal(Purpose.FIELD_PII, "card.name", ROW, b"Ada")
    with ring().lock:
        child = os.fork()
        if child == 0:
            free = ring().lock.acquire(blocking=False)
            right = ring().open(Purpose.FIELD_PII, "card.name", ROW, cell) == b"Ada"
            os._exit(0 if free and right else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_threads_without_an_application_use_the_ring_of_the_process(probes):
    expected, found = ring(), []
    thread = threading.Thread(target=lambda: found.append(ring()))
    thread.start()
    thread.join()
    assert found == [expected]


def test_without_any_application_there_is_no_ring(monkeypatch):
    monkeypatch.setattr(keyring, "_latest", None)
    found = []

    def ask():
        try:
            ring()
        except RuntimeError as refused:
            found.append(refused)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert len(found) == 1


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_ring_cannot_leave_its_process_and_shows_nothing(own_ring, take):
    with pytest.raises(TypeError):
        take(own_ring)
    shown = repr(own_ring) + repr(own_ring._state) + repr(list(own_ring._state.keys.values()))
    assert "AESGCM" not in shown


def test_every_change_of_a_key_even_by_hand_raises_the_generation(probes):
    def generation():
        with committed() as session:
            return session.execute(text("SELECT generation FROM crypto_ring")).scalar_one()

    before = generation()
    with committed() as session:
        session.execute(text("UPDATE crypto_key SET created_at = now() WHERE id = 1"))
    assert generation() == before + 1
