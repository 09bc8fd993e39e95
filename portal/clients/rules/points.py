"""What somebody typed as an address of a client, read by its channel into the one form in which it is kept."""

import re
from dataclasses import dataclass

from portal.clients.models import Channel, PointKind, PointState
from portal.clients.rules.addresses import mailable, readable_address
from portal.clients.rules.phones import E164, CountryMissing, judged_phone, readable_phone
from portal.crypto.blind_index import PHONE_SEPARATORS

# WhatsApp's own name for a person within one business: the country, then letters and digits.
WHATSAPP_ID = re.compile(r"[A-Z]{2}(?:\.ENT)?\.[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True)
class NewPoint:
    """One address as it was typed; the region helps to read a phone number without a country code."""

    channel: str
    text: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ReadPoint:
    """One address in the form in which it is kept, and whether it can be sent to."""

    channel: str
    kind: PointKind
    address: str
    state: PointState = PointState.USABLE


def read_point(new: NewPoint) -> ReadPoint:
    """Raises NotMailable or NotAPhone, each in a sentence, for what cannot be kept on this channel."""
    text = new.text.strip()
    if new.channel == Channel.EMAIL:
        return ReadPoint(new.channel, PointKind.EMAIL, mailable(text))
    if new.channel == Channel.WHATSAPP and WHATSAPP_ID.fullmatch(text):
        return ReadPoint(new.channel, PointKind.WHATSAPP_ID, text)
    number, can_be_sent_to = judged_phone(text, new.region)
    return ReadPoint(new.channel, PointKind.PHONE, number, PointState.USABLE if can_be_sent_to else PointState.UNUSABLE)


def read_point_or_raw(new: NewPoint) -> ReadPoint:
    """The same, but a number whose country nobody knows is kept as it was typed, until a backfill finds its country."""
    try:
        return read_point(new)
    except CountryMissing:
        return ReadPoint(new.channel, PointKind.PHONE, new.text.strip(), PointState.RAW)


def is_as_kept(text: str, read: ReadPoint) -> bool:
    """Whether somebody typed what is kept, but for blanks and other signs between the digits."""
    if read.kind != PointKind.PHONE:
        return True
    return PHONE_SEPARATORS.sub("", text.strip()) == read.address


def readable(address: str) -> str:
    """An address as people write it: domains in their own letters, numbers in groups."""
    if E164.fullmatch(address):
        return readable_phone(address)
    return readable_address(address) if "@" in address else address
