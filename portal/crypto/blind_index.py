"""Keyed indexes by which a sealed address is found again; exact match only, and what counts as the same address."""

import re
import unicodedata
from functools import lru_cache

import idna

from portal.crypto.envelope import lp
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose

INDEX_BYTES = 16
PHONE_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015/]")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class NotAnAddress(ValueError):
    """The text is no e-mail address and no number in E.164; the message does not repeat it."""


def blind_index(purpose: Purpose, context: str, value: str) -> bytes:
    """16 bytes that are equal exactly for equal normalised values in the same context; confirm a hit by reading it."""
    normalise = NORMALISERS[purpose]
    return ring().mac(purpose, lp(context.encode()) + normalise(value).encode())[1][:INDEX_BYTES]


def exact_index(purpose: Purpose, context: str, value: str) -> bytes:
    """The same for names that providers give, which are equal only letter by letter; their context is their own."""
    return ring().mac(purpose, lp(context.encode()) + value.encode())[1][:INDEX_BYTES]


def normalise_email(address: str) -> str:
    """Trimmed, NFKC, casefolded, the domain in ASCII. Dots and plus signs are kept: they can mean other people."""
    local, at, domain = _nfkc(address.strip()).rpartition("@")
    if not (local and at and domain):
        raise NotAnAddress("An e-mail address has a part before and a part after its @.")
    return f"{_nfkc(local.casefold())}@{_ascii(domain)}"


def normalise_phone(number: str) -> str:
    """E.164 without separators; 00 is read as +. A number without country is refused: guessing finds strangers."""
    digits = PHONE_SEPARATORS.sub("", _nfkc(number))
    international = f"+{digits[2:]}" if digits.startswith("00") else digits
    if not E164.fullmatch(international):
        raise NotAnAddress("A phone number starts with + and its country code.")
    return international


# Many people share few domains, and reading one takes longer than all the rest.
@lru_cache(maxsize=4096)
def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain.rstrip("."), uts46=True).decode()
    except idna.IDNAError:
        raise NotAnAddress("The domain of the e-mail address is not valid.") from None


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


NORMALISERS = {Purpose.BIDX_EMAIL: normalise_email, Purpose.BIDX_PHONE: normalise_phone}
