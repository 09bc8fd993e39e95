"""Many at once, over real connections with real commits: no limit is passed, no code is right twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from portal.db import db, transaction
from portal.verification.models import Verification
from portal.verification.operations import check, start
from portal.web.actor import SYSTEM
from sqlalchemy import func, select

from tests.fixtures.database import app_on
from tests.verification.conftest import code_in, target, wrong

CALLERS = 8


@pytest.fixture
def portal(own_database, redis_url, clean_redis, twilio):
    """A portal whose SMS go to the stand-in; the spacing of a minute stays out of the way."""
    with app_on(own_database, REDIS_URL=redis_url, **twilio.variables()) as app:
        yield app


def in_parallel(app, calls):
    def run(call):
        with app.app_context():
            return call()

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(run, calls))


def test_parallel_starts_cannot_pass_the_limit_of_a_number(portal, twilio, monkeypatch):
    monkeypatch.setattr("portal.verification.rules.limits.SPACING", timedelta(0))
    answers = in_parallel(portal, [lambda: start(target(), SYSTEM)] * 16)
    assert Counter(answer.error_code for answer in answers) == {None: 5, "RATE_LIMIT_EXCEEDED": 11}
    assert len(twilio.texts) == 5
    with portal.app_context():
        assert db.session.scalar(select(func.count()).select_from(Verification)) == 5


def test_a_double_click_sends_one_code(portal, twilio):
    answers = in_parallel(portal, [lambda: start(target(), SYSTEM)] * 4)
    assert Counter(answer.success for answer in answers) == {True: 1, False: 3}
    assert len(twilio.texts) == 1


def test_parallel_starts_cannot_pass_the_money_of_a_day(own_database, redis_url, clean_redis, twilio):
    variables = {**twilio.variables(), "REDIS_URL": redis_url, "LIMIT_COST_PER_DAY": "0.20"}
    numbers = [f"+3519123456{number:02}" for number in range(12)]
    with app_on(own_database, **variables) as app:
        answers = in_parallel(app, [lambda number=number: start(target(number), SYSTEM) for number in numbers])
    assert Counter(answer.error_code for answer in answers) == {None: 4, "RATE_LIMIT_EXCEEDED": 8}
    assert len(twilio.texts) == 4


def typed_in(app, verification_id, codes):
    def try_one(code):
        with transaction():
            return check(verification_id, code, SYSTEM).state

    return Counter(in_parallel(app, [lambda code=code: try_one(code) for code in codes]))


def test_a_right_code_typed_many_times_at_once_is_right_once(portal, twilio):
    with portal.app_context():
        started = start(target(), SYSTEM).verification_id
    code = code_in(twilio.texts[0]["Body"])
    assert typed_in(portal, started, [code] * 8) == {"confirmed": 1, "used": 7}


def test_parallel_guesses_have_three_tries_together(portal, twilio):
    with portal.app_context():
        started = start(target(), SYSTEM).verification_id
    bad = wrong(code_in(twilio.texts[0]["Body"]))
    assert typed_in(portal, started, [bad] * 8) == {"wrong": 2, "exhausted": 6}
