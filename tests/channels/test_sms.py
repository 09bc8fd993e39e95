"""The ways of handing SMS over: one contract for all, and how far each hand-over to Twilio came."""

import logging
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from portal.channels.base import Accepted, FailureClass, Refused, Scope, Unknown
from portal.channels.probes.http import Trust
from portal.channels.sms.simulated import SimulatedSms
from portal.channels.sms.text import Sms, SmsChannel
from portal.channels.sms.twilio import TwilioAccount, TwilioSms

from tests.fixtures.twilio import ACCOUNT, SENDER, SENDS, TOKEN, Answer

TO = "+351912345678"
HELLO = Sms(TO, "Grüße & 1+1 = 2?", timedelta(minutes=10))


@pytest.fixture
def sender(twilio) -> Callable[..., TwilioSms]:
    """Makes ways to the stand-in; they are closed with the test."""
    made: list[TwilioSms] = []

    def make(**facts) -> TwilioSms:
        known = {"account_sid": ACCOUNT, "username": ACCOUNT, "password": TOKEN, "from_number": SENDER}
        account = TwilioAccount(**{**known, "base_url": twilio.url, "seconds": 2.0, **facts})
        made.append(TwilioSms(account))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(params=["twilio", "simulation"])
def channel(request, sender) -> SmsChannel:
    return sender() if request.param == "twilio" else SimulatedSms()


def test_every_way_accepts_under_an_id_of_its_own(channel):
    outcomes = [channel.send(HELLO), channel.send(HELLO)]
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len({outcome.provider_id for outcome in outcomes}) == 2


@pytest.mark.parametrize("sms", [Sms("12345", "Hello"), Sms(TO, ""), Sms(TO, "a" * 1601)])
def test_every_way_refuses_what_cannot_be_sent_and_asks_nobody(channel, sms, twilio):
    outcome = channel.send(sms)
    assert isinstance(outcome, Refused)
    assert outcome.failure.kind is FailureClass.PERMANENT
    assert twilio.asked == []


def test_every_way_may_be_closed_twice_and_used_again(channel):
    channel.close()
    channel.close()
    assert isinstance(channel.send(HELLO), Accepted)


def test_the_request_is_the_documented_one(sender, twilio):
    outcome = sender(status_callback="https://heedful.example/hooks").send(HELLO)
    assert (outcome.provider_id[:2], outcome.code) == ("SM", "queued")
    (request,) = twilio.asked
    assert (request.method, request.path) == ("POST", SENDS)
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.form == {
        "To": TO,
        "From": SENDER,
        "Body": HELLO.text,
        "StatusCallback": "https://heedful.example/hooks",
        "ValidityPeriod": "600",
    }


def test_a_pool_of_senders_goes_before_the_number(sender, twilio):
    sender(messaging_service_sid="MG" + "0a" * 16).send(Sms(TO, "Hello"))
    assert twilio.texts[0] == {"To": TO, "MessagingServiceSid": "MG" + "0a" * 16, "Body": "Hello"}


def test_a_wrong_token_is_a_matter_of_sign_in(sender):
    failure = sender(password="wrong").send(HELLO).failure
    assert (failure.kind, failure.scope, failure.code) == (FailureClass.AUTH, Scope.ACCOUNT, "20003")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (21211, 400, FailureClass.PERMANENT),
        (21610, 400, FailureClass.OPT_OUT),
        (21408, 403, FailureClass.CONFIG),
        (20503, 503, FailureClass.TRANSIENT),
    ],
)
def test_a_refusal_is_understood_by_its_code_and_its_words_stay_outside(sender, twilio, code, status, kind):
    twilio.fails(code, status)
    failure = sender().send(HELLO).failure
    assert (failure.kind, failure.code) == (kind, str(code))
    assert "912345678" not in repr(failure)


def test_a_refusal_in_the_form_of_rfc_9457_is_understood_too(sender, twilio):
    body = {"type": "https://x.example/21614", "title": f"bad {TO}", "status": 400, "code": 21614}
    twilio.answers.append(Answer(400, body=body))
    failure = sender().send(HELLO).failure
    assert (failure.code, failure.suppress) == ("21614", True)
    assert "912345678" not in repr(failure)


def test_too_fast_tells_how_long_to_wait(sender, twilio):
    twilio.fails(20429, 429, Retry_After="7")
    channel = sender()
    failure = channel.send(HELLO).failure
    assert (failure.kind, failure.retry_after) == (FailureClass.THROTTLED, timedelta(seconds=7))
    twilio.fails(20429, 429)
    assert channel.send(HELLO).failure.retry_after is None


def test_an_sms_that_failed_on_creation_is_no_success(sender, twilio):
    twilio.answers.append(Answer(201, body={"sid": "SM" + "0" * 32, "status": "failed", "error_code": 30001}))
    assert sender().send(HELLO).failure.kind is FailureClass.THROTTLED


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, body={"code": 20500, "message": "oops", "status": 500}),
        Answer(502, body=b"<html>bad gateway"),
        Answer(504, body=["odd"]),
        Answer(201, body=b"not json"),
        Answer(201, body={"status": "queued"}),
        Answer(cut=True),
    ],
)
def test_an_answer_that_does_not_say_what_happened_leaves_the_outcome_open(sender, twilio, answer):
    twilio.answers.append(answer)
    assert isinstance(sender().send(HELLO), Unknown)
    assert len(twilio.asked) == 1


def test_silence_after_the_request_leaves_the_outcome_open_and_is_asked_once(sender, twilio):
    twilio.stall = 3.0
    outcome = sender(seconds=0.3).send(HELLO)
    assert (type(outcome), outcome.code) == (Unknown, "ReadTimeoutError")
    assert len(twilio.asked) == 1


def test_nobody_there_is_safe_to_try_again(sender):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    failure = sender(base_url=f"http://127.0.0.1:{port}").send(HELLO).failure
    assert (failure.kind, failure.scope) == (FailureClass.TRANSIENT, Scope.ACCOUNT)


def test_without_a_stand_in_twilio_itself_is_asked(sender):
    failure = sender(base_url="").send(HELLO).failure
    assert (failure.kind, failure.code) == (FailureClass.TRANSIENT, "NameResolutionError")


def test_a_certificate_nobody_vouches_for_is_told_nothing(sender, provider):
    failure = sender(base_url=provider.url).send(HELLO).failure
    assert (failure.kind, failure.code) == (FailureClass.CONFIG, "certificate")
    assert provider.asked == []


def test_a_certificate_of_our_own_bundle_is_believed(sender, provider, certificate):
    provider.status, provider.body = 201, {"sid": "SM" + "1" * 32, "status": "accepted"}
    assert sender(base_url=provider.url, trust=Trust(bundle=certificate)).send(HELLO).code == "accepted"


def test_neither_number_nor_token_gets_into_the_log(sender, twilio, caplog):
    caplog.set_level(logging.DEBUG)
    twilio.fails(21211)
    channel = sender()
    channel.send(HELLO)
    channel.send(HELLO)
    assert not [word for word in ("912345678", TOKEN, "Authorization", "Body") if word in caplog.text]
    assert (repr(channel.account), TOKEN in repr(vars(channel))) == ("<TwilioAccount>", False)
