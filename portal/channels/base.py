"""What every channel answers: outcomes and failures as plain values; failures are classified here, never by text."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class FailureClass(StrEnum):
    """What a failure asks of the sender: to give up, to try again, to slow down, or to mend the account."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    THROTTLED = "throttled"
    AUTH = "auth"
    CONFIG = "config"
    OPT_OUT = "opt_out"


class Scope(StrEnum):
    """What a failure concerns; it decides how much stops."""

    RECIPIENT = "recipient"
    MESSAGE = "message"
    SENDER = "sender"
    ACCOUNT = "account"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a hand-over did not happen. The code is the provider's, the text ours; neither holds an address."""

    kind: FailureClass
    scope: Scope
    code: str
    text: str
    retry_after: timedelta | None = None
    suppress: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message over; from now on only receipts tell more."""

    provider_id: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider did not take the message, for this reason."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection ended after the message may have been taken; only the policy of the channel may decide."""

    code: str
    text: str


Outcome = Accepted | Refused | Unknown
