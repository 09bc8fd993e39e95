"""The token in an unsubscribe link: names an address and a topic, can be made by nobody else, and never expires."""

import base64
import hmac
import re
import struct
import uuid

from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

VERSION = 1
LAYOUT = struct.Struct(">B16s16s24s")  # 57 bytes are 76 characters of base64 without padding: one spelling each
TAG_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{76}")
LABEL = b"heedful/unsubscribe/v1"


def unsubscribe_token(contact_point_id: uuid.UUID, topic_id: uuid.UUID) -> str:
    """76 characters for the path of a link; the same for the same address and topic while the link key stays."""
    _, tag = ring().mac(Purpose.LINK, _signed(contact_point_id, topic_id))
    packed = LAYOUT.pack(VERSION, contact_point_id.bytes, topic_id.bytes, tag[:TAG_BYTES])
    return base64.urlsafe_b64encode(packed).decode()


def read_token(token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The address and topic of a token that this portal made under any of its link keys; None for everything else."""
    if not TOKEN.fullmatch(token):
        return None
    version, contact_point, topic, tag = LAYOUT.unpack(base64.urlsafe_b64decode(token))
    found = uuid.UUID(bytes=contact_point), uuid.UUID(bytes=topic)
    ours = [mac[:TAG_BYTES] for _, mac in ring().macs(Purpose.LINK, _signed(*found))]
    return found if version == VERSION and any(hmac.compare_digest(one, tag) for one in ours) else None


def _signed(contact_point_id: uuid.UUID, topic_id: uuid.UUID) -> bytes:
    return lp(LABEL) + lp(contact_point_id.bytes) + lp(topic_id.bytes)
