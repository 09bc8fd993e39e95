"""How a client's data are shown until somebody states a purpose: enough to recognise, not enough to copy."""

import re

from portal.crypto.columns import Undecryptable
from portal.staff.rules.addresses import DOTS, mask_email

ERASED = "erased"
NUMBER = re.compile(r"(?:c-?)?0*([1-9][0-9]{0,17})", re.IGNORECASE)


def mask_name(name: str | None) -> str:
    """`M••• T•••` for Maria Tavares. How long a name is stays hidden, and how many middle names there are."""
    if name is None:
        return ERASED
    if isinstance(name, Undecryptable):
        return str(name)
    words = name.split()
    return " ".join(word[0] + DOTS for word in words[:1] + words[1:][-1:])


def mask_address(address: str | None) -> str:
    """`m•••@•••.example` for an email address."""
    return ERASED if address is None else mask_email(address)


def client_number(number: int) -> str:
    """`C-000123`: what a client is called where no name may stand."""
    return f"C-{number:06}"


def read_number(text: str) -> int | None:
    """The number somebody typed as C-000123, c123 or 123; None when it is none."""
    found = NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None
