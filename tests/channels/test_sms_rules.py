"""What a text costs, what Twilio's codes mean, and what is refused before anybody is asked."""

from datetime import timedelta

import pytest
from portal.channels.base import FailureClass, Scope
from portal.channels.sms.codes import classify, not_trusted, unreachable
from portal.channels.sms.connection import waiting_time
from portal.channels.sms.segments import Encoding, size_of
from portal.channels.sms.text import Sms, objection
from portal.channels.sms.twilio import number_of

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", GSM, 0, 1),
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("Grüße, ¿qué?\n", GSM, 13, 1),
        ("€" * 80, GSM, 160, 1),
        ("€" * 81, GSM, 162, 2),
        # 152 signs and a sign of two places: it would be torn, so it begins the second part.
        ("a" * 152 + "€" + "a" * 10, GSM, 164, 2),
        ("a" * 152 + "€" + "a" * 151 + "€", GSM, 307, 3),
        ("ж" * 70, UCS, 70, 1),
        ("ж" * 71, UCS, 71, 2),
        ("ж" * 134, UCS, 134, 2),
        ("ж" * 135, UCS, 135, 3),
        ("😀" * 35, UCS, 70, 1),
        ("😀" * 36, UCS, 72, 2),
        # A pair of units is not torn either: 66 units fit into each part of 67.
        ("😀" * 67, UCS, 134, 3),
        ("ç" + "a" * 69, UCS, 70, 1),
    ],
)
def test_a_text_is_billed_by_the_alphabet_it_needs(text, encoding, units, segments):
    size = size_of(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


@pytest.mark.parametrize(
    ("code", "status", "kind", "scope", "suppress"),
    [
        (21211, 400, FailureClass.PERMANENT, Scope.RECIPIENT, True),
        (21614, 400, FailureClass.PERMANENT, Scope.RECIPIENT, True),
        (21635, 400, FailureClass.PERMANENT, Scope.RECIPIENT, True),
        (30005, 400, FailureClass.PERMANENT, Scope.RECIPIENT, True),
        (21610, 400, FailureClass.OPT_OUT, Scope.RECIPIENT, True),
        (21612, 400, FailureClass.PERMANENT, Scope.MESSAGE, False),
        (21617, 400, FailureClass.PERMANENT, Scope.MESSAGE, False),
        (30007, 400, FailureClass.PERMANENT, Scope.MESSAGE, False),
        (21408, 403, FailureClass.CONFIG, Scope.ACCOUNT, False),
        (21606, 400, FailureClass.CONFIG, Scope.SENDER, False),
        (21608, 400, FailureClass.CONFIG, Scope.ACCOUNT, False),
        (30034, 400, FailureClass.CONFIG, Scope.SENDER, False),
        (20003, 401, FailureClass.AUTH, Scope.ACCOUNT, False),
        (401, 401, FailureClass.AUTH, Scope.ACCOUNT, False),
        (20429, 429, FailureClass.THROTTLED, Scope.ACCOUNT, False),
        (99999, 429, FailureClass.THROTTLED, Scope.ACCOUNT, False),
        (21611, 400, FailureClass.THROTTLED, Scope.SENDER, False),
        (30023, 400, FailureClass.THROTTLED, Scope.SENDER, False),
        (30003, 400, FailureClass.TRANSIENT, Scope.RECIPIENT, False),
        (20503, 503, FailureClass.TRANSIENT, Scope.PROVIDER, False),
        (0, 502, FailureClass.TRANSIENT, Scope.PROVIDER, False),
        (99999, 400, FailureClass.PERMANENT, Scope.MESSAGE, False),
        (0, 422, FailureClass.PERMANENT, Scope.MESSAGE, False),
    ],
)
def test_a_code_becomes_its_class_and_an_unknown_one_harms_nobody(code, status, kind, scope, suppress):
    failure = classify(code, status)
    assert (failure.kind, failure.scope, failure.suppress, failure.code) == (kind, scope, suppress, str(code))
    assert failure.text.endswith(".")


def test_what_stops_before_anything_is_sent_is_told_apart():
    assert (unreachable("x").kind, not_trusted().kind) == (FailureClass.TRANSIENT, FailureClass.CONFIG)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), (" 30 ", 30), ("0", 0), ("999999999999", 3600), ("", None), ("soon", None), ("-1", None), ("²", None)],
)
def test_the_wait_that_twilio_asks_for_is_an_hour_at_most(header, seconds):
    assert waiting_time(header) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(("code", "number"), [(21211, 21211), ("400", 400), (None, 0), ("-1", 0), ("9" * 30, 0)])
def test_a_code_that_is_no_number_is_none(code, number):
    assert number_of(code) == number


@pytest.mark.parametrize(
    ("to", "text", "scope"),
    [
        ("0151 2345", "Hello", Scope.RECIPIENT),
        ("+0151234567", "Hello", Scope.RECIPIENT),
        ("+4915123456789", " ", Scope.MESSAGE),
        ("+4915123456789", "a" * 1601, Scope.MESSAGE),
    ],
)
def test_what_nobody_could_send_is_refused_at_once(to, text, scope):
    failure = objection(Sms(to, text))
    assert (failure.kind, failure.scope, failure.suppress) == (FailureClass.PERMANENT, scope, False)
    assert to not in repr(failure)


def test_an_sms_shows_neither_its_number_nor_its_text():
    assert objection(Sms("+4915123456789", "a" * 1600)) is None
    assert repr(Sms("+4915123456789", "code")) == "<Sms>"
