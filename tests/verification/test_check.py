"""A typed code: right once, wrong three times, bound to its verification, and nothing without Redis."""

import uuid
from datetime import timedelta

import pytest
from portal.db import db, new_id, transaction, utc_now
from portal.verification.models import Purpose, Verification
from portal.verification.operations import ErrorCode, check
from portal.verification.queries import find_verification, was_confirmed
from portal.verification.rules import Checked, CheckState
from portal.web.actor import SYSTEM
from sqlalchemy import update

from tests.verification.conftest import NUMBER, OTHER, settings, typed, wrong

MINUTE = timedelta(minutes=1)


@pytest.fixture
def started(live) -> uuid.UUID:
    return live.start().verification_id


def row(verification_id: uuid.UUID) -> Verification:
    return find_verification(db.session(), verification_id)


def test_a_right_code_is_used_up_by_the_first_check(live, started, clean_redis, entries):
    assert typed(started, live.code()) == Checked(CheckState.CONFIRMED)
    assert typed(started, live.code()) == Checked(CheckState.USED)
    assert clean_redis.keys() == []
    assert entries()[-1] == ("verification.confirm", "done")


def test_three_wrong_codes_end_it(live, started, clean_redis, entries):
    bad = wrong(live.code())
    assert typed(started, bad) == Checked(CheckState.WRONG, 2)
    assert typed(started, bad) == Checked(CheckState.WRONG, 1)
    assert typed(started, bad) == Checked(CheckState.EXHAUSTED)
    assert typed(started, live.code()) == Checked(CheckState.EXHAUSTED)
    assert (row(started).state, row(started).wrong_tries, clean_redis.keys()) == ("exhausted", 3, [])
    assert entries()[-3:] == [("verification.wrong_code", "refused")] * 3


def test_the_third_try_may_be_right(live, started):
    typed(started, wrong(live.code()))
    typed(started, wrong(live.code()))
    assert typed(started, live.code()).confirmed


def test_a_caller_who_forgets_what_was_wrong_gives_no_further_tries(live, started):
    for left in (2, 1, 0):
        assert check(started, wrong(live.code()), SYSTEM).tries_left == left
        db.session.rollback()
    assert check(started, live.code(), SYSTEM).state == CheckState.EXPIRED


@pytest.mark.parametrize(
    "shape", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "{0[0]}-{0[1]}{0[2]}{0[3]}.{0[4]}{0[5]}"]
)
def test_a_code_may_be_typed_in_groups(live, started, shape):
    assert typed(started, shape.format(live.code())).confirmed


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5x"])
def test_what_cannot_be_a_code_costs_no_try(live, started, text):
    typed(started, wrong(live.code()))
    assert typed(started, text) == Checked(CheckState.MALFORMED, 2)


def test_a_code_is_worth_nothing_for_another_verification(live, started):
    code = live.code()
    other = live.start(OTHER).verification_id
    assert code == live.code() or typed(other, code).state == CheckState.WRONG


def test_a_code_for_another_purpose_or_client_is_unknown(live):
    client_id = new_id()
    started = live.start(client_id=client_id).verification_id
    assert typed(started, live.code(), purpose=Purpose.IDENTITY) == Checked(CheckState.UNKNOWN)
    assert typed(started, live.code(), client_id=new_id()) == Checked(CheckState.UNKNOWN)
    assert typed(started, live.code(), purpose=Purpose.OPT_IN, client_id=client_id).confirmed


def test_a_code_for_another_number_is_unknown(live, started):
    assert typed(started, live.code(), number=OTHER) == Checked(CheckState.UNKNOWN)
    assert typed(started, live.code(), number=NUMBER).confirmed


def test_nobody_knows_a_verification_that_never_was(live):
    assert typed(new_id(), "123456") == Checked(CheckState.UNKNOWN)


def test_after_ten_minutes_it_is_over_whatever_redis_still_holds(live, started):
    with transaction():
        db.session.execute(update(Verification).values(expires_at=utc_now()))
    assert typed(started, live.code()) == Checked(CheckState.EXPIRED)


def test_a_redis_that_lost_everything_means_a_new_code(live, started, clean_redis):
    clean_redis.flushdb()
    assert typed(started, live.code()) == Checked(CheckState.EXPIRED)


@pytest.mark.parametrize("url", ["", "unix:///nonexistent/redis.sock"])
def test_without_redis_nothing_is_confirmed_and_no_try_is_lost(live, started, url):
    with settings(REDIS_URL=url):
        checked = typed(started, live.code())
    assert checked == Checked(CheckState.UNAVAILABLE, 3, ErrorCode.REDIS_UNAVAILABLE)
    assert typed(started, live.code()).confirmed


def test_a_refused_sms_leaves_nothing_to_check(live):
    live.twilio.fails(21614)
    live.start()
    refused = db.session.scalar(db.select(Verification.id))
    assert typed(refused, "123456") == Checked(CheckState.EXPIRED)


def test_what_was_confirmed_can_be_asked_for_later(live, session):
    client_id = new_id()
    started = live.start(client_id=client_id).verification_id
    now = utc_now()
    assert not was_confirmed(session, started, client_id, MINUTE, now)
    typed(started, live.code())
    assert was_confirmed(session, started, client_id, MINUTE, utc_now())
    assert not was_confirmed(session, started, new_id(), MINUTE, utc_now())
    assert not was_confirmed(session, started, client_id, MINUTE, utc_now() + 2 * MINUTE)
    assert not was_confirmed(session, new_id(), client_id, MINUTE, now)
