"""Signs in to a mail relay and leaves again: connect, EHLO, TLS with verified certificate, AUTH, NOOP."""

import smtplib
import socket
import ssl
from dataclasses import dataclass

from portal.channels.probes.http import Trust, ask, require_success
from portal.channels.probes.outcome import ProbeCode, ProbeFailed, ProbeOutcome, timed

PASSWORD_WAYS = frozenset({"PLAIN", "LOGIN", "CRAM-MD5"})
TOKEN_WAYS = frozenset({"XOAUTH2"})


@dataclass(frozen=True, slots=True, repr=False)
class OAuthGrant:
    """What an access token is fetched with."""

    token_url: str
    client_id: str
    client_secret: str
    refresh_token: str
    scope: str
    timeout: float


@dataclass(frozen=True, slots=True, repr=False)
class SmtpTarget:
    """One relay and how to sign in there; security is starttls, tls or none; without a user name nobody signs in."""

    host: str
    port: int
    security: str
    username: str
    password: str
    trust: Trust
    timeout: float
    oauth: OAuthGrant | None = None


def probe_smtp(target: SmtpTarget) -> ProbeOutcome:
    """Whether the relay is there, proves who it is, and lets us in. No mail is sent."""
    return timed(lambda: _steps(target))


def _steps(target: SmtpTarget) -> None:
    try:
        with _connected(target) as connection:
            connection.ehlo_or_helo_if_needed()
            if target.security == "starttls":
                _encrypt(connection, target.trust)
            if target.username:
                _sign_in(connection, target)
            connection.noop()
    except ssl.SSLError:
        raise ProbeFailed(ProbeCode.UNTRUSTED) from None
    except smtplib.SMTPResponseException as error:
        raise ProbeFailed(_meaning(error.smtp_code), error.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        # smtplib reports a silent relay as a lost connection; what really happened stands behind it.
        waited = TimeoutError in (type(error), type(error.__context__))
        raise ProbeFailed(ProbeCode.TIMEOUT if waited else ProbeCode.UNREACHABLE) from None


def _connected(target: SmtpTarget) -> smtplib.SMTP:
    name = socket.gethostname()
    if target.security == "tls":
        context = target.trust.context()
        return smtplib.SMTP_SSL(target.host, target.port, name, timeout=target.timeout, context=context)
    return smtplib.SMTP(target.host, target.port, name, timeout=target.timeout)


def _encrypt(connection: smtplib.SMTP, trust: Trust) -> None:
    if not connection.has_extn("starttls"):
        raise ProbeFailed(ProbeCode.NO_TLS)
    # Without a context of its own, smtplib would accept any certificate.
    connection.starttls(context=trust.context())
    connection.ehlo()


def _sign_in(connection: smtplib.SMTP, target: SmtpTarget) -> None:
    offered = set(connection.esmtp_features.get("auth", "").upper().split())
    if not offered & (TOKEN_WAYS if target.oauth else PASSWORD_WAYS):
        raise ProbeFailed(ProbeCode.NO_SIGN_IN)
    if target.oauth is None:
        connection.login(target.username, target.password)
        return
    words = f"user={target.username}\1auth=Bearer {_token(target.oauth, target.trust)}\1\1"
    # The second question is the relay's refusal in detail; an empty answer makes it end the exchange.
    connection.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "")


def _token(grant: OAuthGrant, trust: Trust) -> str:
    fields = {
        "grant_type": "refresh_token",
        "client_id": grant.client_id,
        "client_secret": grant.client_secret,
        "refresh_token": grant.refresh_token,
        "scope": grant.scope,
    }
    given = {name: value for name, value in fields.items() if value}
    answer = ask("POST", grant.token_url, trust, grant.timeout, fields=given)
    if answer.status == 400:
        # The answer of an authorisation server to a grant that no longer holds (RFC 6749, 5.2).
        raise ProbeFailed(ProbeCode.REFUSED, 400)
    token = require_success(answer).get("access_token")
    if not isinstance(token, str):
        raise ProbeFailed(ProbeCode.BROKEN, answer.status)
    return token


def _meaning(number: int) -> ProbeCode:
    if number in (530, 534, 535, 538):
        return ProbeCode.REFUSED
    return ProbeCode.THROTTLED if number in (421, 450, 451, 454) else ProbeCode.BROKEN
