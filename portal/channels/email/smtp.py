"""One SMTP connection that is kept open over many messages and tells exactly how far each hand-over came."""

import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum

from portal.channels.base import Accepted, Failure, FailureClass, Outcome, Refused, Scope, Unknown
from portal.channels.email.replies import Phase, classify, not_offered, not_trusted, unreachable

MESSAGES_PER_CONNECTION = 100
SECONDS_PER_CONNECTION = 60.0
ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")  # ASCII without spaces and angle brackets: nothing can be smuggled in
LINE_DOT = (b"\r\n.", b"\r\n..")


class Security(StrEnum):
    """How the connection is encrypted; NONE is for servers on this machine only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where and as whom to hand over. The password is plain here, so this object is never logged or stored."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = ""
    timeout: float = 30.0
    ca_bundle: str | None = None
    local_hostname: str | None = None
    connect_tries: int = 3
    connect_wait: float = 2.0

    def __repr__(self) -> str:
        return f"<SmtpAccount {self.host}:{self.port}>"


class SmtpSender:
    """Hands messages to one server over one connection; not shared between threads."""

    def __init__(self, account: SmtpAccount) -> None:
        self.account = account
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0
        self._opened = 0.0

    def send(self, envelope_from: str, to: str, message: bytes, provider_id: str) -> Outcome:
        """Hands one message over. Never raises: what went wrong, and whether it may have arrived, is the outcome."""
        if not (ADDRESS.fullmatch(envelope_from) and ADDRESS.fullmatch(to)):
            return Refused(Failure(FailureClass.PERMANENT, Scope.RECIPIENT, "address", "The address is not valid."))
        failure = self._ensure_connection()
        return failure or self._transact(envelope_from, to, message, provider_id)

    def close(self) -> None:
        """Ends the connection politely; a server that is gone already is no error."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._smtp.close()
            self._smtp = None

    def _ensure_connection(self) -> Refused | None:
        if self._smtp is not None and self._worn_out():
            self.close()
        if self._smtp is not None:
            return None
        return self._connect_patiently()

    def _connect_patiently(self) -> Refused | None:
        refused = self._connect()
        for tried in range(1, self.account.connect_tries):
            if refused is None or refused.failure.kind is not FailureClass.TRANSIENT:
                break
            time.sleep(self.account.connect_wait * 2 ** (tried - 1))
            refused = self._connect()
        return refused

    def _worn_out(self) -> bool:
        age = time.monotonic() - self._opened
        return self._sent >= MESSAGES_PER_CONNECTION or age > SECONDS_PER_CONNECTION

    def _connect(self) -> Refused | None:
        smtp, phase = None, Phase.CONNECT
        try:
            smtp = self._open()
            phase = Phase.TLS
            self._encrypt(smtp)
            phase = Phase.AUTH
            self._sign_in(smtp)
        except (smtplib.SMTPException, OSError) as error:
            if smtp is not None:
                smtp.close()
            return Refused(meaning(error, phase))
        self._smtp, self._sent, self._opened = smtp, 0, time.monotonic()
        return None

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        if self.account.security is Security.STARTTLS:
            smtp.starttls(context=self._context())
        smtp.ehlo_or_helo_if_needed()

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if self.account.username:
            smtp.login(self.account.username, self.account.password)

    def _open(self) -> smtplib.SMTP:
        host, port, timeout = self.account.host, self.account.port, self.account.timeout
        local = self.account.local_hostname
        if self.account.security is Security.TLS:
            return smtplib.SMTP_SSL(host, port, local, timeout=timeout, context=self._context())
        return smtplib.SMTP(host, port, local, timeout=timeout)

    def _context(self) -> ssl.SSLContext:
        # starttls() without a context does not verify the certificate at all.
        return ssl.create_default_context(cafile=self.account.ca_bundle)

    def _transact(self, envelope_from: str, to: str, message: bytes, provider_id: str) -> Outcome:
        smtp = self._smtp
        assert smtp is not None  # noqa: S101 - _ensure_connection has just opened it
        phase = Phase.MAIL
        try:
            for phase, command in (
                (Phase.MAIL, f"mail FROM:<{envelope_from}>"),
                (Phase.RCPT, f"rcpt TO:<{to}>"),
                (Phase.DATA, "data"),
            ):
                code, reply = smtp.docmd(command)
                if code >= 400:
                    return self._refused(phase, code, reply)
            phase = Phase.DOT
            smtp.send(_stuffed(message))
            code, reply = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            return self._lost(phase, type(error).__name__)
        self._sent += 1
        return self._refused(phase, code, reply) if code >= 400 else Accepted(provider_id, str(code))

    def _refused(self, phase: Phase, code: int, reply: bytes) -> Refused:
        self._reset(code)
        return Refused(classify(phase, code, reply))

    def _reset(self, code: int) -> None:
        try:
            if code == 421 or self._smtp is None or self._smtp.docmd("rset")[0] >= 400:
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _lost(self, phase: Phase, code: str) -> Outcome:
        self.close()
        if phase is Phase.DOT:
            # The server may hold the whole message; only its answer is missing.
            return Unknown(code, "The connection ended before the mail server confirmed the message.")
        return Refused(unreachable(phase, code))


def meaning(error: smtplib.SMTPException | OSError, phase: Phase) -> Failure:
    """Why a connection did not come about."""
    if isinstance(error, ssl.SSLError):
        return not_trusted("certificate")
    if isinstance(error, smtplib.SMTPResponseException):
        return classify(phase, error.smtp_code, _bytes(error.smtp_error))
    # smtplib has no class of its own for a server that offers none of our ways to sign in.
    if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
        return not_offered(phase)
    return unreachable(phase, type(error).__name__)


def _stuffed(message: bytes) -> bytes:
    """The message with leading dots doubled and the closing dot (RFC 5321, 4.5.2); line ends are CRLF already."""
    body = message.replace(*LINE_DOT)
    body = b"." + body if body.startswith(b".") else body
    return body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace")
