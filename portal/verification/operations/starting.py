"""
Sends a code to a number.

In three steps, the first and the last in a short transaction of their own: reserve a place in the limits, hand the
SMS over, write down how that ended. So an SMS that has left is counted whatever becomes of the caller, and no database
transaction waits for Twilio. The caller's own transaction is not touched.
"""

import uuid
from dataclasses import dataclass

import structlog

from portal.channels.base import Accepted, FailureClass, Refused
from portal.channels.base import Outcome as SmsOutcome
from portal.channels.sms.simulated import SimulatedSms
from portal.channels.sms.text import Sms, SmsChannel
from portal.channels.sms.twilio import TwilioSms
from portal.clients.rules import NotAPhone, is_sendable_phone, normalised_phone
from portal.config.channels import Channel, ChannelMode
from portal.config.configuration import Config
from portal.config.current import current
from portal.messages.operations.senders import twilio_account
from portal.settings.queries import value
from portal.settings.rules.organisation import NAME
from portal.verification.models import Purpose
from portal.verification.operations.kept import CodesAway, drop, keep, require_redis
from portal.verification.operations.records import Place, Reserved, reserve, settle_failed, settle_sent
from portal.verification.rules.answers import ErrorCode, Started
from portal.verification.rules.codes import LIFETIME, code_mark, new_code
from portal.verification.rules.limits import Refusal
from portal.verification.rules.texts import DOUBT, STOPPED, refusal_words, sms_text, start_words
from portal.web.actor import Actor

log = structlog.get_logger("verification")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to send a code to and what for. A number without country code is one of the region."""

    channel: Channel
    number: str
    purpose: Purpose
    client_id: uuid.UUID | None = None
    language: str = "en"
    region: str | None = None

    def __repr__(self) -> str:
        return f"<Target {self.purpose} by {self.channel}>"


class ChannelNotOffered(ValueError):
    """Codes travel by SMS alone."""


def start(target: Target, actor: Actor) -> Started:
    """Sends a fresh code, or says by one of the six codes and in a sentence why not. An older code ends with it."""
    if target.channel != Channel.SMS:
        raise ChannelNotOffered("Codes are sent by SMS.")
    config = current()
    if (blocked := obstacle(config)) is not None:
        return _refused(blocked, target)
    try:
        number = sms_number(target.number, target.region)
        require_redis()
    except NotAPhone:
        return _refused(ErrorCode.INVALID_PHONE_FORMAT, target)
    except CodesAway:
        return _refused(ErrorCode.REDIS_UNAVAILABLE, target)
    code = new_code()
    sms = Sms(number, sms_text(value(NAME), code, target.language), LIFETIME)
    simulated = config.mode_of(Channel.SMS) is ChannelMode.SIMULATION
    place = Place(target.client_id, target.purpose, simulated=simulated)
    reserved = reserve(place, sms, actor)
    if isinstance(reserved, Refusal):
        return _limited(reserved, target)
    return _deliver(reserved, sms, code, target, actor)


def sms_number(text: str, region: str | None) -> str:
    """The number in E.164; raises NotAPhone for one that is kept at most, and never sent to."""
    number = normalised_phone(text, region)
    if not is_sendable_phone(number):
        raise NotAPhone("This phone number is not in use in its country.")
    return number


def obstacle(config: Config) -> ErrorCode | None:
    """Why no SMS can leave at all: switched off, or begun and not completed."""
    mode = config.mode_of(Channel.SMS)
    if mode is ChannelMode.SIMULATION:
        return None
    wanted = config.channels.chosen(Channel.SMS) is not ChannelMode.DISABLED
    if wanted and not config.twilio.is_configured and (mode is ChannelMode.LIVE or config.twilio.is_started):
        return ErrorCode.CREDENTIALS_MISSING
    return ErrorCode.SMS_DISABLED if mode is ChannelMode.DISABLED else None


def _deliver(reserved: Reserved, sms: Sms, code: str, target: Target, actor: Actor) -> Started:
    verification_id = reserved.id
    try:
        keep(verification_id, code_mark(verification_id, code))
    except CodesAway:
        settle_failed(verification_id, ErrorCode.REDIS_UNAVAILABLE, actor)
        return _refused(ErrorCode.REDIS_UNAVAILABLE, target)
    outcome = _handed_over(sms, simulated=reserved.simulated)
    if isinstance(outcome, Refused):
        drop([verification_id])
        settle_failed(verification_id, outcome.failure.code, actor)
        log.warning("verification.not_sent", verification_id=str(verification_id), code=outcome.failure.code)
        stopped = outcome.failure.kind is FailureClass.OPT_OUT
        return _refused(ErrorCode.TWILIO_API_ERROR, target, STOPPED if stopped else "")
    provider_id = outcome.provider_id if isinstance(outcome, Accepted) else None
    drop(settle_sent(verification_id, sms, outcome, actor))
    log.info("verification.sent", verification_id=str(verification_id), certain=provider_id is not None)
    if provider_id is None:
        doubt = start_words(DOUBT, target.language)
        return Started(False, verification_id, error=doubt, error_code=ErrorCode.TWILIO_API_ERROR)
    return Started(True, verification_id, provider_id)


def _handed_over(sms: Sms, *, simulated: bool) -> SmsOutcome:
    channel: SmsChannel = SimulatedSms() if simulated else TwilioSms(twilio_account(current()))
    try:
        return channel.send(sms)
    finally:
        channel.close()


def _refused(code: ErrorCode, target: Target, reason: str = "") -> Started:
    log.info("verification.refused", code=code, purpose=target.purpose)
    return Started(False, error=start_words(reason or code, target.language), error_code=code)


def _limited(refused: Refusal, target: Target) -> Started:
    code = ErrorCode.RATE_LIMIT_EXCEEDED
    log.info("verification.refused", code=code, limit=refused.limit, purpose=target.purpose)
    return Started(False, error=refusal_words(refused, target.language), error_code=code, retry_after=refused.wait)
