"""The limits, the code and every sentence, without a database where none is needed."""

from datetime import UTC, datetime, timedelta

import pytest
from portal.channels.sms.segments import Encoding, size_of
from portal.db import new_id
from portal.verification.models import Purpose, VerificationState
from portal.verification.rules import Checked, CheckState, ErrorCode, check_words, language_of
from portal.verification.rules.codes import code_mark, code_marks, new_code, number_mark, number_marks
from portal.verification.rules.limits import Limit, Limits, Refusal, Used, refusal
from portal.verification.rules.texts import (
    CHECK,
    DOUBT,
    SMS,
    START,
    STOPPED,
    refusal_words,
    sms_text,
    start_words,
    wait_words,
)
from portal.verification.rules.words import PURPOSES, STATES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMITS = Limits(per_hour=2, per_day=4, micro_per_day=100)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - minute * MINUTE for minute in minutes]


@pytest.mark.parametrize(
    ("sent", "asked", "micro", "limit", "wait"),
    [
        ([], None, 0, None, None),
        ([], NOW - MINUTE, 90, None, None),
        ([], NOW - MINUTE / 2, 0, Limit.SPACING, MINUTE / 2),
        (ago(50, 20), NOW - 20 * MINUTE, 0, Limit.HOUR, 10 * MINUTE),
        (ago(59, 50, 20), NOW - 20 * MINUTE, 0, Limit.HOUR, 10 * MINUTE),
        (ago(60, 20), NOW - 20 * MINUTE, 0, None, None),
        (ago(1440, 1439, 700, 600), NOW - 600 * MINUTE, 0, None, None),
        (ago(1439, 800, 700, 600), NOW - 600 * MINUTE, 0, Limit.DAY, MINUTE),
        # Both the hour and the day are used up: the longer wait is told.
        (ago(1400, 800, 30, 20), NOW - 20 * MINUTE, 0, Limit.DAY, 40 * MINUTE),
        ([], None, 91, Limit.MONEY, None),
    ],
)
def test_a_limit_stands_in_the_way_until_it_no_longer_does(sent, asked, micro, limit, wait):
    found = refusal(LIMITS, Used(sent, asked, micro), 10, NOW)
    assert found == (Refusal(limit, wait) if limit else None)


@pytest.mark.parametrize(
    ("wait", "english", "german"),
    [
        (timedelta(0), "1 second", "1 Sekunde"),
        (timedelta(seconds=59.2), "60 seconds", "60 Sekunden"),
        (timedelta(seconds=91), "2 minutes", "2 Minuten"),
        (timedelta(minutes=90), "90 minutes", "90 Minuten"),
        (timedelta(minutes=91), "2 hours", "2 Stunden"),
        (timedelta(hours=23, seconds=1), "24 hours", "24 Stunden"),
    ],
)
def test_a_wait_is_told_in_its_largest_unit_and_never_too_short(wait, english, german):
    assert (wait_words(wait, "en"), wait_words(wait, "de")) == (english, german)


@pytest.mark.parametrize(("tag", "language"), [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("pt", "en"), ("", "en")])
def test_a_language_without_texts_gets_english(tag, language):
    assert language_of(tag) == language


def test_every_language_has_every_sentence():
    reasons = {*ErrorCode, *Limit, DOUBT, STOPPED} - {ErrorCode.RATE_LIMIT_EXCEEDED}
    assert {language: set(texts) for language, texts in START.items()} == dict.fromkeys(SMS, reasons)
    assert {language: set(texts) for language, texts in CHECK.items()} == {key: set(CheckState) for key in SMS}
    assert (set(PURPOSES), set(STATES)) == (set(Purpose), set(VerificationState))
    sentences = [text for texts in (*START.values(), *CHECK.values(), SMS) for text in texts.values()]
    assert [text for text in sentences if not text.endswith(".") or "!" in text] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sms_fits_into_one_segment_with_the_longest_name(language):
    text = sms_text("Harbour Events & Conferences of the Free and Hanseatic City of Hamburg", "012345", language)
    assert (size_of(text).encoding, size_of(text).segments) == (Encoding.GSM_7, 1)
    assert "City of..." not in text
    assert "012345" in text
    assert "10" in text


def test_tries_that_are_left_are_told_in_words():
    assert check_words(Checked(CheckState.WRONG, 2), "en").endswith("You can try 2 more times.")
    assert check_words(Checked(CheckState.WRONG, 1), "en").endswith("You can try once more.")
    assert check_words(Checked(CheckState.WRONG, 1), "de").endswith("Sie können es noch einmal versuchen.")
    assert check_words(Checked(CheckState.CONFIRMED), "de") == "Der Code stimmt."


def test_limits_are_told_with_their_wait():
    assert "in 2 minutes." in refusal_words(Refusal(Limit.HOUR, 2 * MINUTE), "en")
    assert "Bitte warten Sie 30 Sekunden" in refusal_words(Refusal(Limit.SPACING, MINUTE / 2), "de")
    assert "{" not in refusal_words(Refusal(Limit.MONEY, None), "en")
    assert "noch einmal" in start_words(ErrorCode.TWILIO_API_ERROR, "de")


def test_codes_are_six_digits_with_their_leading_zeros(monkeypatch):
    assert all(len(code) == 6 and code.isdigit() for code in (new_code() for _ in range(200)))
    monkeypatch.setattr("secrets.randbelow", lambda _: 42)
    assert new_code() == "000042"


def test_the_hash_of_a_code_is_bound_to_its_verification(app, session):
    one, other = new_id(), new_id()
    assert code_mark(one, "123456") == code_mark(one, "123456")
    assert len({code_mark(one, "123456"), code_mark(other, "123456"), code_mark(one, "123457")}) == 3
    assert code_mark(one, "123456") in code_marks(one, "123456")


def test_the_hash_of_a_number_tells_numbers_apart(app, session):
    assert number_mark("+351912345678") != number_mark("+351912345679")
    assert number_marks("+351912345678") == [number_mark("+351912345678")]
