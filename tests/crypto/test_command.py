"""`flask keys ensure`: what the launcher runs after migrating."""

import pytest
from portal.config import current as configuration
from portal.config.secret import Secret
from portal.crypto.purposes import Purpose

from tests.crypto.conftest import spoil


@pytest.fixture
def ensure(own_probes):
    return lambda: own_probes.test_cli_runner().invoke(args=["keys", "ensure"])


def test_the_first_start_makes_a_key_for_every_purpose_and_the_second_none(ensure, own_probes):
    spoil(own_probes, "TRUNCATE crypto_key, crypto_ring")
    first, second = ensure(), ensure()
    assert (first.exit_code, first.output) == (0, f"Made keys for: {', '.join(Purpose)}.\n")
    assert (second.exit_code, second.output) == (0, "All data keys are there.\n")


def test_a_lost_key_table_is_one_sentence_and_not_a_new_ring(ensure, own_probes):
    spoil(own_probes, "TRUNCATE crypto_key")
    done = ensure()
    assert done.exit_code == 1
    assert done.output.startswith("Error: The keys for audit, ")
    assert "Restore the table crypto_key from a backup." in done.output


def test_a_wrong_master_is_one_sentence_without_the_key(ensure):
    before = configuration.current()
    wrong = Secret("test-only-another-master-9Xk2Lw7Qv4Zt8Rb")
    configuration.install(
        before.model_copy(update={"security": before.security.model_copy(update={"db_encryption_key": wrong})})
    )
    try:
        done = ensure()
    finally:
        configuration.install(before)
    assert done.exit_code == 1
    assert "does not belong to this database" in done.output
    assert wrong.reveal() not in done.output
