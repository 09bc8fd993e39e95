"""Hands SMS to Twilio with its own library, and tells exactly how far each hand-over came."""

from dataclasses import dataclass
from typing import Any

from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.rest import Client
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from portal.channels.base import Accepted, Outcome, Refused, Unknown
from portal.channels.probes.http import Trust
from portal.channels.sms.codes import classify, not_trusted, unreachable
from portal.channels.sms.connection import Connection
from portal.channels.sms.text import Sms, objection

# Nothing was sent yet when one of these is raised, so another attempt cannot be a second SMS.
BEFORE_ANYTHING = (ConnectTimeoutError, NameResolutionError, NewConnectionError, ProxyError)
NOT_DONE_BY_STATUS = 503
"""The one failing status of a server that says the request was not worked on."""


@dataclass(frozen=True, slots=True, repr=False)
class TwilioAccount:
    """One account and its sender. User name and password are an API key pair, or the account SID and its token."""

    account_sid: str
    username: str
    password: str
    from_number: str
    messaging_service_sid: str = ""
    status_callback: str = ""
    trust: Trust = Trust()  # noqa: RUF009 - frozen
    seconds: float = 15.0
    base_url: str = ""

    def __repr__(self) -> str:
        return "<TwilioAccount>"

    def sender(self) -> dict[str, str]:
        """The pool of senders where there is one, else the number."""
        if self.messaging_service_sid:
            return {"messaging_service_sid": self.messaging_service_sid}
        return {"from_": self.from_number}


class TwilioSms:
    """Hands SMS over to one account over one connection; not shared between threads."""

    def __init__(self, account: TwilioAccount) -> None:
        self.account = account
        self._connection = Connection(account.trust, account.seconds, account.base_url)
        # Not an empty mapping: the library would read the environment instead.
        nothing = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}
        self._client = Client(
            account.username, account.password, account.account_sid, http_client=self._connection, environment=nothing
        )

    def send(self, sms: Sms) -> Outcome:
        """Hands one SMS over. Never raises: what went wrong, and whether it may have left, is the outcome."""
        if (failure := objection(sms)) is not None:
            return Refused(failure)
        try:
            taken = self._client.messages.create(to=sms.to, body=sms.text, **self._options(sms))
        except (TwilioRestException, TwilioServiceException) as error:
            return self._refused(error)
        except SSLError:
            return Refused(not_trusted())
        except BEFORE_ANYTHING as error:
            return Refused(unreachable(type(error).__name__))
        except (HTTPError, ValueError) as error:
            # Its answer is missing or cannot be read; Twilio knows no key that would make a repeat harmless.
            return Unknown(type(error).__name__, "The connection ended before Twilio confirmed the SMS.")
        return self._taken(taken)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _options(self, sms: Sms) -> dict[str, Any]:
        options: dict[str, Any] = dict(self.account.sender())
        if self.account.status_callback:
            options["status_callback"] = self.account.status_callback
        if sms.validity is not None:
            options["validity_period"] = int(sms.validity.total_seconds())
        return options

    def _refused(self, error: TwilioRestException | TwilioServiceException) -> Outcome:
        # Its own words may hold the number; they stay here.
        status, code = number_of(error.status), number_of(error.code)
        if status >= 500 and status != NOT_DONE_BY_STATUS:
            return Unknown(str(code), "Twilio failed while it worked on the SMS; it may have left.")
        return Refused(classify(code, status, self._connection.retry_after))

    def _taken(self, taken: Any) -> Outcome:
        if taken.error_code:
            return Refused(classify(number_of(taken.error_code), 400))
        if not taken.sid:
            return Unknown("no_sid", "Twilio's answer does not say which SMS it took.")
        return Accepted(str(taken.sid), str(taken.status or ""))


def number_of(code: object) -> int:
    """A code as a number; 0 for what is none."""
    text = str(code)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("63000000") else 0
