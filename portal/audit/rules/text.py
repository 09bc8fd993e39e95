"""Keeps personal data out of the log's free text, whatever a caller hands over."""

import ipaddress
import re

LONGEST = 500
ADDRESS = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+")
NUMBER = re.compile(r"(?<![\w-])\+?\(?\d(?:[ ()./-]{0,2}\d){6,14}(?![\w-])")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+)?$")


def without_identifiers(value: str) -> str:
    """The text with email addresses and telephone numbers taken out, and shortened to what a page can show."""
    text = ADDRESS.sub("[address]", storable(value))
    text = NUMBER.sub(lambda found: found[0] if MOMENT.match(found[0]) else "[number]", text)
    return text[:LONGEST]


def holds_identifier(value: str) -> bool:
    """Whether the text looks as if it held an email address or a telephone number."""
    return without_identifiers(value) != storable(value)[:LONGEST]


def storable(value: str) -> str:
    """The text without what PostgreSQL cannot store, so that odd input never stops an entry from being written."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def shortened_address(ip: str) -> str:
    """The network of an address (/24 or /48): enough to see a pattern, not enough to single out a client."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, bits), strict=False))
