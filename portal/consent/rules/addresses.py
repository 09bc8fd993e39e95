"""Keyed hashes of addresses for the suppression list: equal for the same mailbox or telephone, useless without key."""

from portal.clients.rules.points import WHATSAPP_ID
from portal.config.channels import Channel
from portal.crypto.blind_index import normalise_email, normalise_phone
from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

LABEL = b"heedful/suppression/v1"


def suppression_hash(channel: str, address: str) -> tuple[int, bytes]:
    """The active suppression key's id and its hash of the address; raises NotAnAddress for what is none."""
    return ring().mac(Purpose.SUPPRESSION, _normalised(channel, address))


def suppression_hashes(channel: str, address: str) -> list[bytes]:
    """The hashes under every suppression key there ever was; raises NotAnAddress for what is no address."""
    return [tag for _, tag in ring().macs(Purpose.SUPPRESSION, _normalised(channel, address))]


def _normalised(channel: str, address: str) -> bytes:
    if channel == Channel.WHATSAPP and WHATSAPP_ID.fullmatch(address.strip()):
        return lp(LABEL) + lp(b"whatsapp_id") + lp(address.strip().encode())
    is_email = channel == Channel.EMAIL
    kind, normalise = (b"email", normalise_email) if is_email else (b"phone", normalise_phone)
    return lp(LABEL) + lp(kind) + lp(normalise(address).encode())
