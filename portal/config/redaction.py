"""Takes secrets and personal data out of what is about to be logged, and everything that could forge a line."""

import contextlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

SHORTEST = 6
LONGEST_TEXT = 4000
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)", "<secret>"),
    (r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{6,}", "<secret>"),
    (r"\b(?:AC|SK)[0-9a-fA-F]{32}\b", "<secret>"),
    (r"\bEAA[0-9A-Za-z]{16,}", "<secret>"),
    # Envelopes of sealed cells begin with the byte 0xC1: as PostgreSQL, Python and base64 write it.
    (r"(?i)\\x{1,2}c1[0-9a-f]{16,}|b(['\"])\\xc1.*?\1", "<sealed>"),
    (r"(?<![\w+/])w[Q-Za-f][A-Za-z0-9+/_-]{38,}={0,2}", "<sealed>"),
    (r"(?<=[\w/])\?[^\s\"'<>=]+=[^\s\"'<>]*", "?<query>"),
    (r"[\w.!#$'*^~+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", "<email>"),
    (r"(?:\+|%2B)[1-9][0-9]{6,14}(?![0-9])", "<phone>"),
)
SENSITIVE = re.compile(r"(?i)passw|secret|token|authorization|cookie|api_?key|recovery_code|totp")
# Line ends, escapes and marks that turn text around could make one line look like another.
FORGING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PLAIN = (datetime, date, time, timedelta, UUID, PurePath, Decimal)


class Redactor:
    """Knows the secrets of this process and the shapes of personal data."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        exact = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        self._exact = re.compile(exact) if exact else None
        self._patterns = [(re.compile(pattern), mask) for pattern, mask in PATTERNS]

    def text(self, text: str) -> str:
        """The text on one line, without secrets, addresses, numbers, sealed cells and query strings."""
        if self._exact:
            text = self._exact.sub("<secret>", text)
        text = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
        for pattern, mask in self._patterns:
            text = pattern.sub(mask, text)
        return FORGING.sub(_escaped, text)

    def value(self, value: Any) -> Any:
        """The value as plain data; an object is named by its type only, since what it shows of itself is unknown."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Enum):
            return self.value(value.value)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self.fields(value)
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(member) for member in value]
        return self.text(str(value)) if isinstance(value, PLAIN) else f"<{type(value).__name__}>"

    def fields(self, fields: Mapping[Any, Any]) -> dict[str, Any]:
        """Every field of a mapping; one whose name speaks of a secret is hidden whatever it holds."""
        return {self.text(str(name)): self._field(str(name), value) for name, value in fields.items()}

    def _field(self, name: str, value: Any) -> Any:
        hidden = SENSITIVE.search(name) and isinstance(value, str | bytes) and value
        return "<secret>" if hidden else self.value(value)


def _forms(secret: str) -> set[str]:
    """A secret as it may appear: itself, its password part, its key part, and each as written in a URL."""
    parts = {secret, secret.partition(":")[2]} if secret.startswith(("base64:", "hex:")) else {secret}
    if "://" in secret:
        with contextlib.suppress(ValueError):
            parts.add(unquote(urlsplit(secret).password or ""))
    return parts | {quote(part, safe="") for part in parts}


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
