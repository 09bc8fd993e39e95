"""Fingerprints of secrets, by which two values are compared without showing either."""

from portal.config.secret import Secret
from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose


def fingerprint(slot: str, value: Secret) -> str:
    """16 hexadecimal digits, equal for equal values of one slot. Keyed, so that short ones cannot be guessed."""
    data = lp(slot.encode()) + lp(value.reveal().encode())
    return ring().mac(Purpose.FINGERPRINT, data)[1][:8].hex()
