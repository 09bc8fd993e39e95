"""What an SMTP reply means: from phase, basic code and enhanced code to a Failure; the server's text is never read.

Sources: RFC 5321 (4.2), RFC 3463 and 5248 (enhanced codes), RFC 4954 (AUTH), RFC 7372 (authentication of the sender),
RFC 7505 (null MX). The enhanced code wins over the basic one; unknown 4xx are transient, unknown 5xx at RCPT permanent.
"""

import re
from enum import StrEnum

from portal.channels.base import Failure, FailureClass, Scope

ENHANCED = re.compile(rb"^([245])\.(\d{1,3})\.(\d{1,3})(?=\s|$)")


class Phase(StrEnum):
    """Where in the conversation a reply came; only RCPT can concern the recipient."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


NO_MAILBOX = ("The address does not exist.", FailureClass.PERMANENT, Scope.RECIPIENT, True)
MAILBOX_OFF = ("The mailbox is closed.", FailureClass.PERMANENT, Scope.RECIPIENT, True)
MAILBOX_FULL = ("The mailbox is full.", FailureClass.TRANSIENT, Scope.RECIPIENT, False)
SENDER_REFUSED = (
    "The receiver does not accept how this sender proves itself.",
    FailureClass.CONFIG,
    Scope.SENDER,
    False,
)
SIGN_IN_REFUSED = ("The mail server refused the sign-in.", FailureClass.AUTH, Scope.ACCOUNT, False)
MESSAGE_REFUSED = ("The receiver refused this message.", FailureClass.PERMANENT, Scope.MESSAGE, False)
SLOW_DOWN = ("The receiver asks to send more slowly.", FailureClass.THROTTLED, Scope.ACCOUNT, False)
LATER = ("The receiver asks to try again later.", FailureClass.TRANSIENT, Scope.PROVIDER, False)

BY_ENHANCED = {
    "5.1.1": NO_MAILBOX, "5.1.2": NO_MAILBOX, "5.1.3": NO_MAILBOX, "5.1.6": NO_MAILBOX, "5.1.10": NO_MAILBOX,
    "5.2.1": MAILBOX_OFF, "5.2.2": MAILBOX_FULL, "4.2.2": MAILBOX_FULL,
    "5.3.4": MESSAGE_REFUSED, "5.6.0": MESSAGE_REFUSED, "5.7.1": MESSAGE_REFUSED,
    "5.7.20": SENDER_REFUSED, "5.7.23": SENDER_REFUSED, "5.7.25": SENDER_REFUSED, "5.7.26": SENDER_REFUSED,
    "5.7.509": SENDER_REFUSED,
    "5.7.8": SIGN_IN_REFUSED, "5.7.139": SIGN_IN_REFUSED, "5.7.30": SIGN_IN_REFUSED, "5.7.0": SIGN_IN_REFUSED,
    "4.7.28": SLOW_DOWN, "4.2.1": SLOW_DOWN, "5.4.5": SLOW_DOWN, "4.4.5": SLOW_DOWN,
}  # fmt: skip
BY_CODE = {530: SIGN_IN_REFUSED, 534: SIGN_IN_REFUSED, 535: SIGN_IN_REFUSED, 421: SLOW_DOWN, 454: LATER}
BEFORE_RECIPIENT = {Phase.CONNECT, Phase.TLS, Phase.AUTH, Phase.MAIL}


def classify(phase: Phase, code: int, reply: bytes) -> Failure:
    """What a refusing reply means. The text of the Failure is ours; the reply's own words may hold an address."""
    match = ENHANCED.match(reply)
    enhanced = b".".join(match.groups()).decode() if match else ""
    known = BY_ENHANCED.get(enhanced) or BY_CODE.get(code)
    text, kind, scope, suppress = known or _unknown(phase, code)
    if phase in BEFORE_RECIPIENT and scope in {Scope.RECIPIENT, Scope.MESSAGE}:
        text, kind, scope, suppress = _before_recipient(code)
    return Failure(kind, scope, f"{code} {enhanced}".strip(), text, suppress=suppress)


def unreachable(phase: Phase, code: str) -> Failure:
    """The server could not be spoken to; nothing was handed over, so another attempt is safe."""
    return Failure(FailureClass.TRANSIENT, Scope.ACCOUNT, code, f"The mail server did not answer ({phase}).")


def not_trusted(code: str) -> Failure:
    """The server's certificate is not valid for its name, so nothing was said to it."""
    text = "The mail server's certificate could not be verified."
    return Failure(FailureClass.CONFIG, Scope.ACCOUNT, code, text)


def not_offered(phase: Phase) -> Failure:
    """The server lacks what was asked of it, encryption or our way to sign in; nothing was handed over."""
    text = "The mail server offers no encryption." if phase is Phase.TLS else "The mail server offers no sign-in."
    return Failure(FailureClass.CONFIG, Scope.ACCOUNT, f"{phase}_not_offered", text)


def _unknown(phase: Phase, code: int) -> tuple[str, FailureClass, Scope, bool]:
    if code < 500:
        return LATER
    return NO_MAILBOX if phase is Phase.RCPT and code in {550, 553} else MESSAGE_REFUSED


def _before_recipient(code: int) -> tuple[str, FailureClass, Scope, bool]:
    if code < 500:
        return LATER
    return ("The mail server refused this sender.", FailureClass.CONFIG, Scope.ACCOUNT, False)
