"""A keyed hash of the address an event was said for: whoever states the address can check it, also after an erasure."""

from portal.config.channels import Channel
from portal.crypto.blind_index import NotAnAddress, normalise_email, normalise_phone
from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

LABEL = b"heedful/consent-contact/v1"
KEY_BYTES = 8


def contact_hmac(channel: str, address: str) -> bytes | None:
    """The suppression key's id and its hash of the address, equal to nothing else kept; None for what is no address."""
    try:
        key_id, tag = ring().mac(Purpose.SUPPRESSION, _bound(channel, address))
    except NotAnAddress:
        return None
    return key_id.to_bytes(KEY_BYTES, "big") + tag


def is_said_for(channel: str, address: str, kept: bytes) -> bool:
    """Whether the event with this hash was said for this address."""
    try:
        found = ring().macs(Purpose.SUPPRESSION, _bound(channel, address))
    except NotAnAddress:
        return False
    return kept in [key_id.to_bytes(KEY_BYTES, "big") + tag for key_id, tag in found]


def _bound(channel: str, address: str) -> bytes:
    normalise = normalise_email if channel == Channel.EMAIL else normalise_phone
    return lp(LABEL) + lp(normalise(address).encode())
