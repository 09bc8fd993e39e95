"""A code goes out, and every reason not to send one has its code, its sentence, and its place in the limits."""

from datetime import timedelta

import pytest
from portal.channels.sms.text import Sms
from portal.config.channels import Channel, ChannelMode
from portal.config.current import current, install
from portal.db import db, new_id, transaction, utc_now
from portal.verification.models import Purpose, Verification, VerificationState
from portal.verification.operations import ErrorCode, Target, start
from portal.verification.operations.kept import drop
from portal.verification.operations.records import Place, reserve
from portal.verification.operations.starting import ChannelNotOffered
from portal.web.actor import SYSTEM
from redis import Redis
from redis.exceptions import ConnectionError as RedisGone
from sqlalchemy import select, update

from tests.fixtures.twilio import ACCOUNT, Answer, credentials_of
from tests.verification.conftest import NUMBER, OTHER, caught, code_in, settings, target, typed

HOUR = timedelta(hours=1)


def rows() -> list[Verification]:
    return list(db.session.scalars(select(Verification).order_by(Verification.started_at, Verification.id)))


def states() -> list[str]:
    return [row.state for row in rows()]


def pass_time(by: timedelta) -> None:
    """Makes every verification older."""
    with transaction():
        db.session.execute(update(Verification).values(started_at=Verification.started_at - by))
    db.session.expire_all()


def test_a_code_goes_out_over_twilio_and_is_right_once(live, entries):
    client_id = new_id()
    started = live.start(client_id=client_id)
    assert (started.success, started.error, started.error_code) == (True, "", None)
    assert started.message_id.startswith("SM")
    (sent,) = live.twilio.texts
    assert (sent["To"], sent["From"], sent["ValidityPeriod"]) == (NUMBER, "+14155550123", "600")
    assert typed(started.verification_id, live.code()).confirmed
    (row,) = rows()
    assert (row.state, row.client_id, row.provider_id) == ("confirmed", client_id, started.message_id)
    assert (row.segments, row.cost_micro, row.simulated) == (1, 50_000, False)
    assert [action for action, _ in entries()] == ["verification.start", "verification.sent", "verification.confirm"]


def test_the_sms_says_who_how_long_and_that_nobody_asks_for_it(live):
    live.start(language="de-AT")
    code = live.code()
    body = f"Your organisation: Ihr Code ist {code}. Er gilt 10 Minuten. Wir fragen Sie nie danach."
    assert live.twilio.texts[0]["Body"] == body


def test_in_simulation_nothing_leaves_and_the_code_can_be_read_here(simulation, twilio):
    started = start(target(), SYSTEM)
    assert (started.success, started.message_id[:3]) == (True, "SIM")
    (sms,) = caught()
    assert sms.address == NUMBER
    assert typed(started.verification_id, code_in(sms.body)).confirmed
    assert (rows()[0].simulated, rows()[0].cost_micro, twilio.asked) == (True, 0, [])


def test_what_is_live_is_never_captured(live):
    live.start()
    assert caught() == []


def test_without_configuration_sms_are_off(session):
    started = start(target(), SYSTEM)
    assert (started.success, started.verification_id, started.error_code) == (False, None, ErrorCode.SMS_DISABLED)
    assert "switched off" in started.error
    assert rows() == []


@pytest.mark.parametrize(
    "variables", [{"SMS_MODE": "disabled"}, {"SMS_MODE": "disabled", "TWILIO_ACCOUNT_SID": ACCOUNT}]
)
def test_switched_off_is_switched_off_whatever_else_is_set(session, variables):
    with settings(**variables):
        assert start(target(), SYSTEM).error_code == "SMS_DISABLED"


@pytest.mark.parametrize(
    ("group", "change"), [("twilio", {"account_sid": ACCOUNT}), ("channels", {"sms": ChannelMode.LIVE})]
)
def test_credentials_that_are_not_complete_are_missing(session, group, change):
    # At start such a configuration is refused; one that is taken apart later comes to this.
    with settings():
        config = current()
        install(config.model_copy(update={group: getattr(config, group).model_copy(update=change)}))
        started = start(target(), SYSTEM)
    assert (started.success, started.error_code) == (False, "CREDENTIALS_MISSING")
    assert rows() == []


@pytest.mark.parametrize(
    "number", ["", "hello", "12345", "+49", "+351912345678 ext 5", "+1555", "+999123456789", "+14150000000"]
)
def test_what_is_no_number_is_refused_before_anything_is_asked(live, number):
    started = live.start(number)
    assert started.error_code == "INVALID_PHONE_FORMAT"
    assert (live.twilio.asked, rows()) == ([], [])


def test_a_number_as_people_type_it_at_home_is_understood(live):
    assert live.start("0151 23456789", region="DE").success
    assert live.twilio.texts[0]["To"] == OTHER


@pytest.mark.parametrize("url", ["", "unix:///nonexistent/redis.sock"])
def test_without_redis_nothing_is_sent_and_nothing_counted(live, url):
    with settings(REDIS_URL=url):
        started = live.start()
    assert (started.success, started.error_code) == (False, "REDIS_UNAVAILABLE")
    assert (live.twilio.asked, rows()) == ([], [])


def test_a_redis_that_is_lost_on_the_way_leaves_nothing_sent(live, monkeypatch, entries):
    def gone(*_: object) -> None:
        raise RedisGone

    monkeypatch.setattr(Redis, "eval", gone)
    started = live.start()
    assert (started.success, started.error_code, live.twilio.asked) == (False, "REDIS_UNAVAILABLE", [])
    assert (states(), rows()[0].failure_code) == (["failed"], "REDIS_UNAVAILABLE")
    assert entries()[-1] == ("verification.not_sent", "failed")


def test_what_twilio_refuses_is_said_without_its_words_and_its_code_is_kept(live, entries):
    live.twilio.fails(21614)
    started = live.start()
    assert (started.success, started.error_code, started.verification_id) == (False, "TWILIO_API_ERROR", None)
    assert "912345678" not in started.error
    assert (states(), rows()[0].failure_code) == (["failed"], "21614")
    assert entries()[-1] == ("verification.not_sent", "failed")


def test_a_number_that_stopped_sms_is_told_how_to_come_back(live):
    live.twilio.fails(21610)
    started = live.start(language="de")
    assert (started.error_code, "Senden Sie START" in started.error) == ("TWILIO_API_ERROR", True)


def test_starts_that_were_killed_on_their_way_count_as_sent(live):
    for _ in range(5):
        reserve(Place(None, Purpose.OPT_IN, simulated=False), Sms(NUMBER, "a code"), SYSTEM)
        pass_time(timedelta(minutes=2))
    assert states() == ["started"] * 5
    assert live.start().error_code == "RATE_LIMIT_EXCEEDED"


def test_a_refused_code_is_gone_and_counts_only_for_the_minute(live, clean_redis):
    for _ in range(6):
        live.twilio.fails(21614)
        assert live.start().error_code == "TWILIO_API_ERROR"
        assert live.start().error_code == "RATE_LIMIT_EXCEEDED"
        pass_time(timedelta(minutes=1))
    assert clean_redis.keys() == []
    assert live.start().success


def test_when_nobody_knows_whether_it_left_the_code_is_valid_and_counted(live, monkeypatch):
    live.twilio.answers.append(Answer(500, body={"code": 20500, "status": 500}))
    started = live.start()
    assert (started.success, started.error_code, started.message_id) == (False, "TWILIO_API_ERROR", None)
    assert "do not know" in started.error
    assert (states(), rows()[0].failure_code) == (["uncertain"], "20500")
    code = code_in(live.twilio.asked[0].form["Body"])
    assert typed(started.verification_id, code).confirmed


def test_the_same_number_within_a_minute_is_told_to_wait(live):
    live.start()
    started = live.start()
    assert (started.error_code, started.verification_id) == ("RATE_LIMIT_EXCEEDED", None)
    assert "asked for this number a moment ago. Please wait 60 seconds" in started.error
    assert timedelta(seconds=55) < started.retry_after <= timedelta(minutes=1)
    assert live.start(OTHER).success
    assert len(live.twilio.texts) == 2


def test_the_sixth_code_in_an_hour_waits_for_the_first_to_be_an_hour_old(live):
    for _ in range(5):
        assert live.start().success
        pass_time(timedelta(minutes=2))
    started = live.start()
    assert started.error_code == "RATE_LIMIT_EXCEEDED"
    assert "in the last hour. Please try again in 50 minutes" in started.error
    pass_time(timedelta(minutes=50))
    assert live.start().success


def test_the_twenty_first_code_of_a_day_waits_for_tomorrow(live, session):
    live.start()
    (row,) = rows()
    facts = {"number_hash": row.number_hash, "channel": "sms", "purpose": "identity", "state": "sent", "segments": 1}
    with transaction():
        for hours in range(1, 20):
            at = row.started_at - hours * HOUR
            session.add(Verification(**facts, started_at=at, expires_at=at, cost_micro=0, simulated=False))
    pass_time(timedelta(minutes=2))
    started = live.start()
    assert "today. Please try again in 5 hours" in started.error


def test_the_money_of_a_day_is_a_ceiling_for_all_numbers(live):
    with settings(LIMIT_COST_PER_DAY="0.10"):
        assert live.start().success
        assert live.start(OTHER).success
        started = live.start("+14155552671")
        assert (started.error_code, started.retry_after) == ("RATE_LIMIT_EXCEEDED", None)
        assert "tomorrow" in started.error
        pass_time(timedelta(hours=24))
        assert live.start().success


def test_a_new_code_ends_the_older_one_of_the_same_number_and_purpose(live, clean_redis):
    client_id = new_id()
    first = live.start(client_id=client_id)
    code = live.code()
    pass_time(timedelta(minutes=2))
    other_purpose = live.start(client_id=client_id, purpose=Purpose.IDENTITY)
    pass_time(timedelta(minutes=2))
    second = live.start(client_id=client_id)
    assert states() == [VerificationState.SUPERSEDED, VerificationState.SENT, VerificationState.SENT]
    assert typed(first.verification_id, code).state == "expired"
    assert typed(second.verification_id, live.code()).confirmed
    assert [key.decode() for key in clean_redis.scan_iter()] == [
        f"heedful:verification:{other_purpose.verification_id}"
    ]


@pytest.mark.parametrize("url", ["", "unix:///nonexistent/redis.sock"])
def test_an_older_code_ends_although_redis_is_gone_by_then(live, url):
    first = live.start().verification_id
    code = live.code()
    with settings(REDIS_URL=url):
        drop([first])
    with transaction():
        db.session.execute(update(Verification).values(state=VerificationState.SUPERSEDED))
    assert typed(first, code).state == "expired"


def test_codes_travel_by_sms_alone(session):
    with pytest.raises(ChannelNotOffered):
        start(Target(Channel.EMAIL, "ana@harbour.example", Purpose.OPT_IN), SYSTEM)


def test_a_target_does_not_show_its_number():
    assert NUMBER not in repr(target())


def test_the_code_and_the_number_stand_nowhere_in_clear(live, clean_redis, entries):
    live.start()
    kept = "".join(f"{key}{clean_redis.hgetall(key)}" for key in clean_redis.scan_iter())
    assert kept
    (row,) = rows()
    written = kept + str(vars(row)) + str(entries())
    assert [word for word in (live.code(), NUMBER[1:], NUMBER[4:]) if word in written] == []


def test_the_code_is_kept_for_ten_minutes(live, clean_redis):
    started = live.start()
    assert 590 < clean_redis.ttl(f"heedful:verification:{started.verification_id}") <= 600
    (row,) = rows()
    assert row.expires_at - row.started_at == timedelta(minutes=10)
    assert utc_now() - row.started_at < timedelta(seconds=20)


def test_an_api_key_and_a_pool_of_senders_go_before_token_and_number(live):
    key = {"TWILIO_API_KEY": "SK" + "0a" * 16, "TWILIO_API_SECRET": "key-of-the-stand-in"}
    pool = {"TWILIO_MESSAGING_SERVICE_SID": "MG" + "0b" * 16, "TWILIO_STATUS_CALLBACK_URL": "https://h.example/hooks"}
    with settings(**key, **pool):
        live.start()
    (request,) = live.twilio.asked
    assert credentials_of(request) == (key["TWILIO_API_KEY"], key["TWILIO_API_SECRET"])
    assert request.path.startswith(f"/2010-04-01/Accounts/{ACCOUNT}/")
    assert (request.form["MessagingServiceSid"], "From" in request.form) == (
        pool["TWILIO_MESSAGING_SERVICE_SID"],
        False,
    )
    assert request.form["StatusCallback"] == pool["TWILIO_STATUS_CALLBACK_URL"]
