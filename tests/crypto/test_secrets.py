"""Fingerprints of secrets."""

from portal.config.secret import Secret
from portal.crypto.secrets import fingerprint


def test_a_fingerprint_is_short_equal_for_equal_values_of_a_slot_and_shows_nothing(session):
    shown = fingerprint("twilio", Secret("hunter2"))
    assert len(bytes.fromhex(shown)) == 8
    assert shown == fingerprint("twilio", Secret("hunter2"))
    assert shown not in {fingerprint("smtp", Secret("hunter2")), fingerprint("twilio", Secret("hunter3"))}
    assert fingerprint("ab", Secret("c")) != fingerprint("a", Secret("bc"))
