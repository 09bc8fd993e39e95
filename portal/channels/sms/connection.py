"""Carries the requests of Twilio's library: with time limits and our trust, without repeats, and without its log."""

import logging
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

from portal.channels.probes.http import LONGEST_ANSWER, Trust

CONNECT_SECONDS = 3.0
LONGEST_WAIT = timedelta(hours=1)


class Connection(HttpClient):  # type: ignore[misc]
    """One kept-alive connection. The library's own client has no time limit, and its log would hold our headers."""

    def __init__(self, trust: Trust, seconds: float, base_url: str = "") -> None:
        super().__init__(logging.getLogger("channels.sms"), False)
        patience = urllib3.Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds)
        # Repeats are off: a repeated POST is a second SMS.
        self._pool = urllib3.PoolManager(ssl_context=trust.context(), timeout=patience, retries=False)
        self._base = urlsplit(base_url)
        self.retry_after: timedelta | None = None

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        auth: tuple[str, str],
        **_: Any,
    ) -> Response:
        """Asks Twilio, or the stand-in that was named; raises the errors of urllib3."""
        self.retry_after = None
        signed = {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"}
        answer = self._pool.request(
            method,
            self._address(url, params),
            body=urlencode(data or {}, doseq=True),
            headers={**(headers or {}), **signed},
            redirect=False,
        )
        self.retry_after = waiting_time(answer.headers.get("Retry-After", ""))
        return Response(answer.status, answer.data[:LONGEST_ANSWER].decode("utf-8", "replace"), dict(answer.headers))

    def close(self) -> None:
        """Ends the connection."""
        self._pool.clear()

    def _address(self, url: str, params: Mapping[str, object] | None) -> str:
        parts = urlsplit(url)._replace(query=urlencode(params or {}, doseq=True))
        if self._base.netloc:
            parts = parts._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return urlunsplit(parts)


def waiting_time(header: str) -> timedelta | None:
    """How long Twilio asks us to wait, an hour at most; None where it does not say it in seconds."""
    seconds = header.strip()
    if not (seconds.isascii() and seconds.isdigit()):
        return None
    return min(timedelta(seconds=int(seconds[:9])), LONGEST_WAIT)
