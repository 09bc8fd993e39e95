"""What Twilio's error codes ask of the sender. By code alone: its texts change, and may hold the number."""

from datetime import timedelta

from portal.channels.base import Failure, FailureClass, Scope

Meaning = tuple[str, FailureClass, Scope, bool]

NO_SUCH_NUMBER = ("The number does not exist or takes no SMS.", FailureClass.PERMANENT, Scope.RECIPIENT, True)
NOT_REACHED = ("The number cannot be reached from this sender.", FailureClass.PERMANENT, Scope.MESSAGE, False)
OPTED_OUT = ("The person has stopped SMS from this sender.", FailureClass.OPT_OUT, Scope.RECIPIENT, True)
BAD_TEXT = ("Twilio does not take this text.", FailureClass.PERMANENT, Scope.MESSAGE, False)
FILTERED = ("A network took the text for spam.", FailureClass.PERMANENT, Scope.MESSAGE, False)
BAD_SENDER = ("The sender is not set up for SMS to this number.", FailureClass.CONFIG, Scope.SENDER, False)
COUNTRY_OFF = ("SMS to this country are switched off in the account.", FailureClass.CONFIG, Scope.ACCOUNT, False)
ACCOUNT_OFF = ("The account may not send: it is on trial or stopped.", FailureClass.CONFIG, Scope.ACCOUNT, False)
NOT_REGISTERED = ("The sender is not registered with the networks.", FailureClass.CONFIG, Scope.SENDER, False)
SIGN_IN_REFUSED = ("Twilio did not accept the sign-in.", FailureClass.AUTH, Scope.ACCOUNT, False)
SLOW_DOWN = ("Twilio asks to send more slowly.", FailureClass.THROTTLED, Scope.ACCOUNT, False)
QUEUE_FULL = ("The sender's queue at Twilio is full.", FailureClass.THROTTLED, Scope.SENDER, False)
DAY_USED_UP = ("The networks take no more from this sender today.", FailureClass.THROTTLED, Scope.SENDER, False)
LATER = ("It did not work for now.", FailureClass.TRANSIENT, Scope.PROVIDER, False)
UNREACHABLE_NOW = ("The phone could not be reached for now.", FailureClass.TRANSIENT, Scope.RECIPIENT, False)
REFUSED = ("Twilio refused this message.", FailureClass.PERMANENT, Scope.MESSAGE, False)

BY_CODE: dict[int, Meaning] = {
    **dict.fromkeys((21211, 21214, 21217, 21265, 21614, 21635, 30005, 30006), NO_SUCH_NUMBER),
    21612: NOT_REACHED,
    21610: OPTED_OUT,
    **dict.fromkeys((21602, 21617, 21618, 21619, 21620, 30019), BAD_TEXT),
    30007: FILTERED,
    **dict.fromkeys((21212, 21603, 21606, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 30018), BAD_SENDER),
    **dict.fromkeys((21408, 30004), COUNTRY_OFF),
    **dict.fromkeys((20005, 21608, 30002), ACCOUNT_OFF),
    **dict.fromkeys((30024, 30032, 30033, 30034, 30035), NOT_REGISTERED),
    **dict.fromkeys((20003, 20403, 20404, 401, 403, 404), SIGN_IN_REFUSED),
    **dict.fromkeys((20429, 429), SLOW_DOWN),
    **dict.fromkeys((21611, 30001), QUEUE_FULL),
    **dict.fromkeys((30022, 30023, 30027), DAY_USED_UP),
    **dict.fromkeys((30003, 30036), UNREACHABLE_NOW),
    **dict.fromkeys((20503, 30008, 30017, 30410, 30450, 408, 503), LATER),
}


def classify(code: int, status: int, retry_after: timedelta | None = None) -> Failure:
    """
    What a refusal means; a code we do not know is judged by the status of the answer.

    Twilio makes new codes of old ones. So an unknown one never suppresses a number and never stops a sender.
    """
    text, kind, scope, suppress = BY_CODE.get(code) or BY_CODE.get(status) or (LATER if status >= 500 else REFUSED)
    return Failure(kind, scope, str(code), text, retry_after=retry_after, suppress=suppress)


def unreachable(code: str) -> Failure:
    """Twilio could not be spoken to; nothing was handed over, so another attempt is safe."""
    return Failure(FailureClass.TRANSIENT, Scope.ACCOUNT, code, "Twilio could not be reached.")


def not_trusted() -> Failure:
    """The certificate does not prove that this is Twilio, so nothing was said."""
    text = "Twilio's certificate could not be verified."
    return Failure(FailureClass.CONFIG, Scope.ACCOUNT, "certificate", text)
