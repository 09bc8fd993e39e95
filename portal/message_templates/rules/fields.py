"""The fields a message template may use: their kind, where their value comes from, and a sample of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

LONGEST_VALUE = 10_000
FIGURES = 18  # more digits than any amount has; a longer number would only cost time
# Characters that break a line or turn the reading direction of what follows; surrogates cannot be encoded.
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")  # RFC 3986, 2
WEB = frozenset({"https"})
OURS = frozenset({"https", "http"})


class Kind(StrEnum):
    """What a field holds, which decides how it is checked and in which places it may stand."""

    TEXT = "text"
    LINES = "lines"
    URL = "url"
    DATE = "date"
    AMOUNT = "amount"
    FLAG = "flag"


class Origin(StrEnum):
    """Who gives the value: the client's record, the portal, the portal in its own mails alone, or who writes."""

    CLIENT = "client"
    PORTAL = "portal"
    SYSTEM = "system"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the catalogue."""

    name: str
    kind: Kind
    origin: Origin
    description: str
    sample: str


class FieldRefused(ValueError):
    """A value its field cannot take; the text is a sentence for the person who gave it, without the value."""


CATALOGUE = (
    Field("first_name", Kind.TEXT, Origin.CLIENT, "The client's first name", "Ana"),
    Field("full_name", Kind.TEXT, Origin.CLIENT, "The client's full name", "Ana Silva"),
    Field("org_name", Kind.TEXT, Origin.PORTAL, "Your organisation's name", "Tidewell Events"),
    Field("sender_name", Kind.TEXT, Origin.PORTAL, "Who writes, as in the footer", "Tidewell Events"),
    Field("postal_address", Kind.LINES, Origin.PORTAL, "Your postal address", "4 Quay Street, Porto"),
    Field("unsubscribe_url", Kind.URL, Origin.PORTAL, "Link that stops these messages", "https://tidewell.example/u/x"),
    Field(
        "preferences_url", Kind.URL, Origin.PORTAL, "Link to the client's own settings", "https://tidewell.example/p/x"
    ),
    Field(
        "confirm_url", Kind.URL, Origin.SYSTEM, "Link that confirms what was asked for", "https://tidewell.example/c/x"
    ),
    Field("asked_topic", Kind.TEXT, Origin.SYSTEM, "Topic that was asked for", "News and offers"),
    Field("event_name", Kind.TEXT, Origin.MESSAGE, "Name of the event", "Harbour Gala"),
    Field("event_date", Kind.DATE, Origin.MESSAGE, "Day of the event", "2026-12-05"),
    Field("event_place", Kind.TEXT, Origin.MESSAGE, "Where it takes place", "Pier 2, Porto"),
    Field("booking_number", Kind.TEXT, Origin.MESSAGE, "Number of the booking", "TW-20431"),
    Field("booking_link", Kind.URL, Origin.MESSAGE, "Page of the booking", "https://tidewell.example/b/20431"),
    Field("amount_due", Kind.AMOUNT, Origin.MESSAGE, "What is to be paid", "240.00"),
    Field("due_date", Kind.DATE, Origin.MESSAGE, "Day by which to pay", "2026-12-01"),
    Field("has_payment_link", Kind.FLAG, Origin.MESSAGE, "Whether there is a payment page", "yes"),
    Field("payment_link", Kind.URL, Origin.MESSAGE, "Page to pay at", "https://tidewell.example/pay/20431"),
    Field("feedback_link", Kind.URL, Origin.MESSAGE, "Page that asks for feedback", "https://tidewell.example/f/20431"),
    Field("code", Kind.TEXT, Origin.MESSAGE, "A one-time code", "482 913"),
    Field("note", Kind.TEXT, Origin.MESSAGE, "A sentence of your own", "Doors open at seven."),
)
FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in CATALOGUE})
SYSTEM_FIELDS = frozenset(field.name for field in CATALOGUE if field.origin is Origin.SYSTEM)
SAMPLES: Mapping[str, str] = MappingProxyType({field.name: field.sample for field in CATALOGUE})


# The portal's own name under two names: as editors call it, and as the footer does.
SAME_AS: Mapping[str, str] = MappingProxyType({"org_name": "sender_name"})


def client_values(full_name: str) -> dict[str, str]:
    """The fields that come from a client's record."""
    return {"first_name": full_name.split(maxsplit=1)[0] if full_name.strip() else "", "full_name": full_name}


def nearest(name: str) -> str:
    """The known field a misspelt name most likely means; empty when none is near."""
    return next(iter(get_close_matches(name, FIELDS, n=1)), "")


def asked(names: Iterable[str]) -> list[Field]:
    """Of the fields a wording uses, those the person who writes the message must fill in, as the catalogue has them."""
    wanted = set(names)
    return [field for field in CATALOGUE if field.name in wanted and field.origin is Origin.MESSAGE]


def prepare(field: Field, value: object) -> Any:
    """The value as the language gets it: one line of text, a day, an amount or a truth. Raises FieldRefused."""
    if field.kind is Kind.FLAG:
        return value if isinstance(value, bool) else str(value).strip().lower() in {"yes", "true", "1", "on"}
    if field.kind is Kind.DATE:
        return _day(value)
    if field.kind is Kind.AMOUNT:
        return _amount(value)
    lines = str(value).split("\n") if field.kind is Kind.LINES else [str(value)]
    text = ", ".join(clean(line).strip(" ,") for line in lines if line.strip())
    if field.kind is Kind.URL and text and not is_address(text, WEB if field.origin is Origin.MESSAGE else OURS):
        raise FieldRefused("Enter a web address that starts with https://.")
    return text


def clean(text: str) -> str:
    """One line without characters that nobody sees; refuses what is longer than any real value."""
    if len(text) > LONGEST_VALUE:
        raise FieldRefused(f"Enter at most {LONGEST_VALUE:,} characters.")
    return UNSEEN.sub("", BREAKS.sub(" ", text))


def is_address(text: str, schemes: frozenset[str]) -> bool:
    """Whether a link may lead there: a web address with a host and no name in front of it."""
    if not ADDRESS.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and parts.username is None


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise FieldRefused("Enter a day as year-month-day, like 2026-12-05.") from None


def _amount(value: object) -> Decimal:
    try:
        amount = Decimal(str(value).strip()[: FIGURES + 1])
    except InvalidOperation:
        raise FieldRefused("Enter an amount like 240.00.") from None
    if not amount.is_finite() or len(str(value).strip()) > FIGURES or abs(amount.adjusted()) > FIGURES:
        raise FieldRefused("Enter an amount like 240.00.")
    return amount
