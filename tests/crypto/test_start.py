"""What the portal finds out about its keys before it serves anything (scenarios 4 and 5)."""

import os
import subprocess
import sys

import pytest
from portal.config import current as configuration
from portal.config.secret import Secret
from portal.crypto.errors import (
    KeyDamaged,
    KeyRingLost,
    KeyRingMissing,
    MasterKeyMalformed,
    MissingPreviousMaster,
    WrongMasterKey,
)
from portal.crypto.keyring import forget_rings, self_test
from portal.crypto.lifecycle import create_key, ensure_ring, rewrap
from portal.crypto.master import derive_masters
from portal.crypto.models import CryptoKey, CryptoRing, CryptoRingAck
from portal.crypto.purposes import Purpose
from portal.crypto.ring_state import read_ring
from sqlalchemy import func, select

from tests.crypto.conftest import Card, ProbeBase, committed, spoil

NEW = "base64:c2Vjb25kIG1hc3RlciBrZXksIGV4YWN0bHkgMzIgYi4="
OTHER = "hex:" + "5a" * 32


@pytest.fixture
def start(own_probes):
    """Starts the process anew, as it were, with these master keys."""
    before = configuration.current()

    def start_with(now: str, *previous: str) -> None:
        keys = {"db_encryption_key": Secret(now), "db_encryption_key_previous": tuple(map(Secret, previous))}
        security = before.security.model_copy(update=keys)
        configuration.install(before.model_copy(update={"security": security}))
        forget_rings()
        self_test()

    yield start_with
    configuration.install(before)


def original() -> str:
    """The master key this database was made with."""
    return os.environ["DB_ENCRYPTION_KEY"]


def fingerprint(master: str) -> str:
    with committed() as session:
        salt = session.get(CryptoRing, 1).kdf_salt
    return derive_masters(Secret(master), (), salt).current.fingerprint.hex()


def stored_state():
    with committed() as session:
        tables = (CryptoKey, CryptoRing, CryptoRingAck)
        return [
            session.execute(select(table.__table__).order_by(*table.__table__.primary_key)).all() for table in tables
        ]


def test_the_right_master_starts(start):
    start(original())


def test_a_wrong_master_is_refused_by_fingerprints_and_nothing_is_written(start):
    before = stored_state()
    with pytest.raises(WrongMasterKey) as refused:
        start(NEW)
    assert f"expected {fingerprint(original())}, found {fingerprint(NEW)}" in str(refused.value)
    assert "DB_ENCRYPTION_KEY" in str(refused.value)
    assert not {NEW, original(), NEW[7:]} & set(str(refused.value).split())
    assert stored_state() == before


def test_a_process_with_a_wrong_master_ends_before_it_serves(own_probes, own_database):
    found = "test-only-another-master-9Xk2Lw7Qv4Zt8Rb"
    program = "import wsgi; wsgi.serve(); print(); print('serving')"
    environment = {**os.environ, **own_database.environment(), "DB_ENCRYPTION_KEY": found}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "serving" in done.stdout.split()) == (1, False)
    assert f"expected {fingerprint(original())}, found {fingerprint(found)}" in done.stderr
    assert "Traceback" not in done.stderr
    assert found not in done.stdout + done.stderr
    assert original() not in done.stdout + done.stderr


def test_the_old_master_as_previous_opens_and_rewrapping_makes_it_unnecessary(start):
    with committed() as session:
        session.add(Card(name="Ada"))
    start(NEW, original())
    with committed() as session:
        assert rewrap(session) == len(Purpose)
        assert rewrap(session) == 0
    start(NEW)
    with committed() as session:
        assert session.scalars(select(Card)).one().name == "Ada"


def test_a_missing_previous_master_is_named_with_the_keys_that_need_it(start):
    start(NEW, original())
    with committed() as session:
        key_id = create_key(session, Purpose.FIELD_PII).id
    with pytest.raises(MissingPreviousMaster) as refused:
        start(original())
    assert f"Keys {key_id} (field.pii) are wrapped by the master key {fingerprint(NEW)}" in str(refused.value)
    assert "DB_ENCRYPTION_KEY_PREVIOUS" in str(refused.value)


def test_rewrapping_without_the_old_master_names_it_and_changes_nothing(start):
    before = stored_state()
    with pytest.raises(WrongMasterKey):
        start(NEW)
    with committed() as session:
        with pytest.raises(MissingPreviousMaster, match=fingerprint(original())):
            rewrap(session)
        session.rollback()
    assert stored_state() == before


def test_an_altered_wrapped_key_is_told_apart_from_a_wrong_master(start, own_probes):
    spoil(own_probes, "UPDATE crypto_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE id = 3")
    with pytest.raises(KeyDamaged, match=f"Key 3 .* its master key {fingerprint(original())} is right"):
        start(original())


@pytest.mark.parametrize("change", ["purpose = 'field.message', state = 'pending'", "wrapped = ''", "id = 99"])
def test_wrapped_keys_cannot_be_exchanged_for_one_another(start, own_probes, change):
    spoil(own_probes, f"UPDATE crypto_key SET {change} WHERE purpose = 'field.pii'")
    with pytest.raises(KeyDamaged):
        start(original())


def test_a_lost_key_table_is_never_replaced_by_a_fresh_one(start, own_probes):
    spoil(own_probes, "TRUNCATE crypto_key")
    with pytest.raises(KeyRingLost, match="Restore the table crypto_key from a backup"):
        start(original())
    with committed() as session, pytest.raises(KeyRingLost, match=r"audit, .*field\.pii"):
        ensure_ring(session)


def test_a_ring_lost_with_all_its_tables_is_not_made_anew_over_sealed_cells(start, own_probes):
    with committed() as session:
        session.add(Card(name="Ada"))
    spoil(own_probes, "TRUNCATE crypto_key, crypto_ring")
    with committed() as session:
        for refuses in (ensure_ring, read_ring):
            with pytest.raises(KeyRingLost, match="could not open anything"):
                refuses(session, ProbeBase.metadata)
            session.rollback()
        assert session.scalar(select(func.count()).select_from(CryptoKey)) == 0


def test_a_ring_row_lost_while_keys_exist_is_not_made_anew(start, own_probes):
    spoil(own_probes, "TRUNCATE crypto_ring")
    with pytest.raises(KeyRingLost):
        start(original())
    with committed() as session, pytest.raises(KeyRingLost):
        ensure_ring(session)


def test_one_lost_purpose_is_named(start, own_probes):
    spoil(own_probes, "DELETE FROM crypto_key WHERE purpose = 'suppression'")
    with pytest.raises(KeyRingLost, match="The keys for suppression are gone"):
        start(original())


def test_an_empty_database_says_how_to_make_the_ring_and_makes_it_once(start, own_probes):
    spoil(own_probes, "TRUNCATE crypto_key, crypto_ring")
    with pytest.raises(KeyRingMissing, match="flask keys ensure"):
        start(original())
    with committed() as session:
        assert ensure_ring(session) == list(Purpose)
    with committed() as session:
        assert ensure_ring(session) == []
    start(original())


@pytest.mark.parametrize("purpose", [Purpose.EXPORT, Purpose.LINK])
def test_a_purpose_that_a_new_release_brings_is_asked_for_and_made(start, own_probes, purpose):
    spoil(
        own_probes,
        f"DELETE FROM crypto_key WHERE purpose = '{purpose}'",
        f"UPDATE crypto_ring SET purposes = array_remove(purposes, '{purpose}')",
    )
    with pytest.raises(KeyRingMissing, match=f"There are no keys for {purpose} yet"):
        start(original())
    with committed() as session:
        assert ensure_ring(session) == [purpose]
    start(original())


@pytest.mark.parametrize("master", ["base64:dG9vIHNob3J0", "hex:5a5a", "hex:zz", "base64:!"])
def test_an_encoded_master_must_hold_32_bytes(start, master):
    with pytest.raises(MasterKeyMalformed, match="flask keys generate") as refused:
        start(master)
    assert master not in str(refused.value)


def test_masters_in_both_encodings_and_as_passphrase_differ_and_repeat(own_probes):
    assert len({fingerprint(one) for one in (NEW, OTHER, original())}) == 3
    assert fingerprint(original()) == fingerprint(original())
    assert fingerprint(OTHER) == fingerprint("base64:" + "Wlpa" * 10 + "Wlo=")
