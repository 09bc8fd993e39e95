"""Turns one rendered email into the bytes that leave: a skeleton per sender and version, filled per message.

The standard library's EmailMessage costs over a millisecond a message and folds long List-Unsubscribe headers into
encoded words, which breaks one-click unsubscribing; here the fixed parts are encoded once.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

LONGEST_LINE = 998  # RFC 5322, 2.1.1, without the line end
ENCODED_WORD_BYTES = 45  # 60 base64 characters: with the frame below the 75 of RFC 2047, 2
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class UnsafeHeader(ValueError):
    """A header value holds a control character, which could smuggle further headers in."""


@dataclass(frozen=True, slots=True)
class EmailContent:
    """One rendered email: what the person reads, and the addresses it goes by. Line ends may be of any kind."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None
    unsubscribe_mailto: str | None = None
    list_id: str | None = None


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The parts of every email of one sender that do not change from message to message."""

    sender: bytes
    reply_to: bytes
    boundary: bytes

    def build(self, content: EmailContent, date: datetime) -> bytes:
        """The complete message with CRLF line ends. Raises UnsafeHeader for control characters in a header."""
        parts = [self._headers(content, date)]
        for kind, body in ((b"plain", content.text), (b"html", content.html)):
            parts.append(b"--" + self.boundary + b"\r\nContent-Type: text/" + kind + b"; charset=utf-8\r\n")
            parts.append(b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(body) + b"\r\n")
        parts.append(b"--" + self.boundary + b"--\r\n")
        return b"".join(parts)

    def _headers(self, content: EmailContent, date: datetime) -> bytes:
        lines = [
            b"Date: " + format_datetime(date.astimezone(UTC)).encode(),
            b"Message-ID: <" + plain(content.message_id) + b">",
            self.sender,
            self.reply_to,
            b"To: " + plain(content.to),
            b"Subject: " + encoded(content.subject),
            *unsubscribe_headers(content),
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/alternative; boundary="' + self.boundary + b'"',
        ]
        return b"\r\n".join(line for line in lines if line) + b"\r\n\r\n"


def skeleton(from_name: str, from_email: str, reply_to: str = "", boundary: str = "=_heedful_alternative") -> Skeleton:
    """The fixed parts for one sender. The quoted-printable bodies never hold the boundary: it starts with '=_'."""
    address = b"<" + plain(from_email) + b">"
    return Skeleton(
        sender=b"From: " + (phrase(from_name) + b" " + address if from_name else address),
        reply_to=b"Reply-To: " + plain(reply_to) if reply_to else b"",
        boundary=boundary.encode(),
    )


def phrase(name: str) -> bytes:
    """A display name: quoted when ASCII, so that a comma in it does not make two mailboxes (RFC 5322, 3.2.4)."""
    if not name.isascii():
        return encoded(name)
    return b'"' + plain(name.replace("\\", "\\\\").replace('"', '\\"')) + b'"'


def unsubscribe_headers(content: EmailContent) -> list[bytes]:
    """The List-Unsubscribe pair on one line each (RFC 2369; RFC 8058, 3.1), and List-Id (RFC 2919)."""
    if content.unsubscribe_url is None:
        return []
    targets = [b"<" + plain(content.unsubscribe_url) + b">"]
    if content.unsubscribe_mailto:
        targets.append(b"<mailto:" + plain(content.unsubscribe_mailto) + b">")
    pair = [b"List-Unsubscribe: " + b", ".join(targets), b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    return pair + ([b"List-Id: <" + plain(content.list_id) + b">"] if content.list_id else [])


def plain(value: str) -> bytes:
    """A header value that must be ASCII and short enough for one line."""
    if CONTROL.search(value) or not value.isascii() or len(value) > LONGEST_LINE - 40:
        raise UnsafeHeader("A header value holds a control character, a non-ASCII character, or is too long.")
    return value.encode("ascii")


def encoded(value: str) -> bytes:
    """Text for people in a header: as it is when short ASCII, else RFC 2047 words, one a line."""
    if CONTROL.search(value):
        raise UnsafeHeader("A header value holds a control character.")
    if value.isascii() and len(value) <= 70 and "=?" not in value:
        return value.encode("ascii")
    return b"\r\n ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words(value))


def words(value: str) -> list[bytes]:
    """Pieces of UTF-8 short enough for one encoded word; no character is cut in two (RFC 2047, 5)."""
    pieces, current = [], b""
    for character in value:
        raw = character.encode("utf-8", "replace")
        if len(current) + len(raw) > ENCODED_WORD_BYTES:
            pieces.append(current)
            current = b""
        current += raw
    return [*pieces, current]


def quoted_printable(body: str) -> bytes:
    """A body in quoted-printable with CRLF line ends and no line over 76 characters (RFC 2045, 6.7)."""
    unified = body.replace("\r\n", "\n").replace("\r", "\n")
    coded = binascii.b2a_qp(unified.encode("utf-8", "replace"), istext=True)
    return coded.replace(b"\n", b"\r\n")
