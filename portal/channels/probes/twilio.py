"""Fetches our own account at Twilio with its library: proves the account, the key and the way there."""

import json
import logging
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from portal.channels.probes.http import Trust, ask, require_success
from portal.channels.probes.outcome import ProbeCode, ProbeFailed, ProbeOutcome, timed


@dataclass(frozen=True, slots=True, repr=False)
class TwilioTarget:
    """One account; user name and password are an API key pair, or the account SID and its token."""

    account_sid: str
    username: str
    password: str
    trust: Trust
    timeout: float
    base_url: str = ""


def probe_twilio(target: TwilioTarget) -> ProbeOutcome:
    """Whether Twilio knows the account, takes the key, and lets the account send. No message is sent."""
    return timed(lambda: _steps(target))


def _steps(target: TwilioTarget) -> None:
    client = Client(target.username, target.password, target.account_sid, http_client=_Connection(target))
    account = client.api.accounts(target.account_sid).fetch()
    if account.status != "active":
        raise ProbeFailed(ProbeCode.INACTIVE)


class _Connection(HttpClient):  # type: ignore[misc]
    """Carries the library's requests: with a time limit, our trust, and to a stand-in where one is named."""

    def __init__(self, target: TwilioTarget) -> None:
        super().__init__(logging.getLogger("channels.probes"), False)
        self.target = target

    def request(self, method: str, url: str, *_: Any, auth: tuple[str, str], **__: Any) -> Response:
        """Asks; a refusal ends the probe here, before the library wraps it together with the provider's text."""
        parts = urlsplit(self.target.base_url)
        if parts.netloc:
            url = urlunsplit(urlsplit(url)._replace(scheme=parts.scheme, netloc=parts.netloc))
        headers = {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"}
        facts = require_success(ask(method, url, self.target.trust, self.target.timeout, headers))
        return Response(200, json.dumps(facts))
