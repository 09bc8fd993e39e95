"""Twilio, which carries SMS. Only form is checked here; whether Twilio accepts it is a live probe."""

from typing import Annotated, ClassVar

from portal.config.group import ChannelGroup, variable
from portal.config.problems import Problem, warning
from portal.config.secret import Secret
from portal.config.values import E164, Digits, StandIn, WebAddress, sid

CONSOLE = "The Twilio console shows it at https://console.twilio.com."
AccountSid = Annotated[str, sid("AC", "a Twilio account SID")]
KeySid = Annotated[str, sid("SK", "a Twilio API key SID")]
ServiceSid = Annotated[str, sid("MG", "a Twilio messaging service SID")]


class TwilioGroup(ChannelGroup):
    """The account, a way to sign in (API key pair, or the account's token), and a sender."""

    name: ClassVar[str] = "twilio"
    title: ClassVar[str] = "SMS (Twilio)"

    account_sid: AccountSid = variable("TWILIO_ACCOUNT_SID", "", "Account SID.")
    auth_token: Secret = variable("TWILIO_AUTH_TOKEN", Secret(""), "Token; verifies receipts.")
    api_key: KeySid = variable("TWILIO_API_KEY", "", "SID of an API key, preferred for sending.")
    api_secret: Secret = variable("TWILIO_API_SECRET", Secret(""), "Secret of that API key.")
    from_number: E164 = variable("TWILIO_FROM_NUMBER", "", "Sender, in E.164.")
    messaging_service_sid: ServiceSid = variable("TWILIO_MESSAGING_SERVICE_SID", "", "Sender pool.")
    status_callback_url: WebAddress = variable("TWILIO_STATUS_CALLBACK_URL", "", "Where receipts go.")
    area_code: Digits = variable("TWILIO_AREA_CODE", "720", "Area code for buying numbers.")
    api_url: StandIn = variable("TWILIO_API_URL", "", "A stand-in for Twilio on this machine, for tests.")
    segments_per_second: float = variable("TWILIO_SEGMENTS_PER_SECOND", 1.0, "Rate, in segments.", gt=0, le=1000)

    @property
    def is_started(self) -> bool:
        texts = (self.account_sid, self.api_key, self.from_number, self.messaging_service_sid)
        return any((*texts, self.auth_token, self.api_secret))

    def missing(self) -> list[Problem]:
        found = []
        if not self.account_sid:
            found.append(Problem("TWILIO_ACCOUNT_SID", "is required for SMS", CONSOLE))
        if self.api_key and not self.api_secret:
            mend = "It is shown once when the key is made; make a new key if it is lost."
            found.append(Problem("TWILIO_API_SECRET", "is required when TWILIO_API_KEY is set", mend))
        if self.api_secret and not self.api_key:
            found.append(Problem("TWILIO_API_KEY", "is required when TWILIO_API_SECRET is set", CONSOLE))
        if not (self.auth_token or self.api_key or self.api_secret):
            mend = f"Set it, or TWILIO_API_KEY and TWILIO_API_SECRET. {CONSOLE}"
            found.append(Problem("TWILIO_AUTH_TOKEN", "is required for SMS", mend))
        if not (self.from_number or self.messaging_service_sid):
            mend = "Set it to the number you send from, or set TWILIO_MESSAGING_SERVICE_SID."
            found.append(Problem("TWILIO_FROM_NUMBER", "is required for SMS", mend))
        return found

    def problems(self) -> list[Problem]:
        if not self.is_started:
            return []
        found = self.missing()
        if self.api_url:
            wrong = "is set, so no SMS reaches anybody: a stand-in on this machine takes them"
            found.append(warning("TWILIO_API_URL", wrong, "Remove it, unless this is a test."))
        if self.api_key and not self.auth_token:
            wrong = "is not set, so receipts and replies cannot be verified and are refused"
            found.append(warning("TWILIO_AUTH_TOKEN", wrong, CONSOLE))
        return found

    def summary(self) -> str:
        return f"{self.segments_per_second:g} segments a second"
