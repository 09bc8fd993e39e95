"""How a client's data are shown until somebody states a purpose: enough to recognise, not enough to copy."""

import re

from portal.clients.rules.phones import country_code
from portal.crypto.columns import Undecryptable
from portal.staff.rules.addresses import DOTS, mask_email

ERASED = "erased"
LEAST_DIGITS = 4
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
    """`m•••@•••.example` for an email address, `+49 ••• 17` for a number, `••• 17` for all else."""
    if address is None:
        return ERASED
    if "@" in address or isinstance(address, Undecryptable):
        return mask_email(address)
    code = country_code(address)
    return f"+{code} {DOTS} {address[-2:]}" if code else f"{DOTS} {address[-2:]}"


def is_phone(text: str) -> bool:
    """Whether somebody typed a phone number rather than an email address or the number of a client."""
    return read_number(text) is None and "@" not in text and sum(map(str.isdigit, text)) >= LEAST_DIGITS


def client_number(number: int) -> str:
    """`C-000123`: what a client is called where no name may stand."""
    return f"C-{number:06}"


def read_number(text: str) -> int | None:
    """The number somebody typed as C-000123, c123 or 123; None when it is none."""
    found = NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None
