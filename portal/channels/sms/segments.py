"""Counts the segments of a text as the networks bill them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

# 3GPP TS 23.038: the default alphabet, and the signs of its extension table, which take two places each.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


class Encoding(StrEnum):
    """How a text travels: 7 bits a sign while every sign is in the alphabet, else 16 bits a unit."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


# A text that fits into one segment, and a part of a longer one, whose header takes some of the room.
ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Size:
    """How a text travels, how much room it takes, and as how many segments it is billed."""

    encoding: Encoding
    units: int
    segments: int


def size_of(text: str) -> Size:
    """The size of a text. An empty one still takes a segment."""
    encoding = Encoding.GSM_7 if BASIC.union(EXTENDED).issuperset(text) else Encoding.UCS_2
    signs = [_units(sign, encoding) for sign in text]
    whole, part = ROOM[encoding]
    units = sum(signs)
    return Size(encoding, units, 1 if units <= whole else _parts(signs, part))


def _units(sign: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return 2 if sign in EXTENDED else 1
    return len(sign.encode("utf-16-be")) // 2


def _parts(signs: list[int], room: int) -> int:
    """A sign of two units is never torn apart: what does not fit begins the next part."""
    parts, used = 1, 0
    for units in signs:
        if used + units > room:
            parts, used = parts + 1, 0
        used += units
    return parts
