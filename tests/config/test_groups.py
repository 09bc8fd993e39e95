"""The groups that are no channel: what each refuses, and how it says so."""

import pytest
from portal.config.batching import BatchingGroup
from portal.config.general import GeneralGroup
from portal.config.retry import RetryGroup

from tests.config.samples import errors, load, look, told


def test_debug_is_off_and_refused_outside_this_machine():
    assert not load().general.debug
    assert told(look(DEBUG="true"), "DEBUG") == ["DEBUG is on: pages show the inside of the portal. Remove DEBUG."]
    assert load(DEBUG="1", PUBLIC_BASE_URL="http://[::1]:8000").general.is_local
    (found,) = errors(DEBUG="true", PUBLIC_BASE_URL="https://portal.tidewell.example")
    assert found.startswith("DEBUG is on while PUBLIC_BASE_URL or ALLOWED_HOSTS reach beyond this machine")


def test_the_demo_is_refused_outside_this_machine():
    for beyond in (
        {"PUBLIC_BASE_URL": "https://portal.tidewell.example"},
        {"ALLOWED_HOSTS": "portal.tidewell.example"},
    ):
        (found,) = errors(HEEDFUL_DEMO="1", **beyond)
        assert found.startswith("HEEDFUL_DEMO is on while PUBLIC_BASE_URL or ALLOWED_HOSTS reach beyond this machine")
    assert load(HEEDFUL_DEMO="1", ALLOWED_HOSTS="localhost,[::1]").general.is_local


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://portal.tidewell.example", "is plain http"),
        ("ftp://portal.tidewell.example", "is not a web address"),
        ("https:///path", "is not a web address"),
        ("https://ann:pass@portal.tidewell.example", "holds a user name or password"),
        ("https://portal.tidewell.example?x=1", "has a part after"),
        ("https://[portal", "is not an address that can be read"),
        ("https://portal.tidewell.example:99999", "is not an address that can be read"),
    ],
)
@pytest.mark.parametrize("name", ["PUBLIC_BASE_URL", "WHATSAPP_API_URL", "TWILIO_STATUS_CALLBACK_URL"])
def test_an_address_that_is_unsafe_or_unreadable_is_refused(name, address, reason):
    (found,) = errors(**{name: address})
    assert found.startswith(f"{name} {reason}")


@pytest.mark.parametrize(
    "address", ["http://localhost:9000", "http://127.0.0.1", "http://api.localhost", "http://[::1]:1"]
)
def test_plain_http_is_accepted_for_this_machine(address):
    assert load(PUBLIC_BASE_URL=f"{address}/").general.public_base_url == address


def test_allowed_hosts_follow_the_public_address_unless_chosen():
    assert load(PUBLIC_BASE_URL="https://p.tidewell.example").general.allowed_hosts == (
        "p.tidewell.example",
        "127.0.0.1",
        "localhost",
        "[::1]",
    )
    assert load(PUBLIC_BASE_URL="http://[::1]:80").general.allowed_hosts[0] == "[::1]"
    assert load(ALLOWED_HOSTS="a.example, b.example").general.allowed_hosts == ("a.example", "b.example")


@pytest.mark.parametrize("hosts", ["*", "https://a.example/"])
def test_hosts_that_admit_everybody_or_are_addresses_are_refused(hosts):
    assert errors(ALLOWED_HOSTS=hosts)[0].startswith("ALLOWED_HOSTS holds an a")


def test_cookies_follow_the_scheme_of_the_public_address():
    assert load(PUBLIC_BASE_URL="https://p.tidewell.example").general.is_https
    assert not load().general.is_https


def test_general_advice_is_told_but_stops_nothing():
    outcome = look(SENDING_ENABLED="off", PUBLIC_BASE_URL="https://p.tidewell.example")
    advised = {problem.variable for problem in outcome.problems if problem.group == "general"}
    assert advised == {"SENDING_ENABLED", "ORGANISATION_NAME", "SECURITY_CONTACT"}
    assert not outcome.config.general.sending_enabled
    assert GeneralGroup(demo=True).problems() == []


def test_a_time_zone_must_exist():
    assert load(DEFAULT_TIME_ZONE="Europe/Berlin").general.time_zone == "Europe/Berlin"
    for wrong in ("Mars/Olympus", "../etc", "Europe"):
        assert errors(DEFAULT_TIME_ZONE=wrong)[0].startswith("DEFAULT_TIME_ZONE is not a known time zone")


def test_the_anchors_stand_in_the_data_folder_unless_chosen(tmp_path):
    assert load(HEEDFUL_VAR_DIR=str(tmp_path)).general.audit_anchors_file == tmp_path / "audit-anchors.log"
    assert load(AUDIT_ANCHORS_FILE="/x/anchors").general.audit_anchors_file.as_posix() == "/x/anchors"


@pytest.mark.parametrize(("n", "planned"), [(0, 60), (1, 300), (2, 900), (3, 3600), (99, 3600)])
def test_each_delay_is_spread_by_a_fifth_around_its_plan(n, planned):
    drawn = [RetryGroup().calculate_delay(n) for _ in range(400)]
    assert planned * 0.8 <= min(drawn) < planned < max(drawn) <= planned * 1.2


def test_delays_can_be_chosen_and_the_last_one_repeats():
    retry = load(RETRY_MAX_RETRIES="4", RETRY_DELAYS="10 20", RETRY_JITTER_PERCENT="0", RETRY_LATER_EVERY="60").retry
    assert [retry.calculate_delay(n) for n in range(6)] == [10, 20, 20, 20, 60, 60]


def test_retries_are_counted_from_nought():
    with pytest.raises(ValueError, match="counted from 0"):
        RetryGroup().calculate_delay(-1)


@pytest.mark.parametrize("delays", [",", "60,0"])
def test_senseless_delays_are_refused(delays):
    assert errors(RETRY_DELAYS=delays)[0].startswith("RETRY_DELAYS needs at least one delay")


def test_batching_says_what_it_does():
    assert load().batching.summary() == "3 messages within 300 s, urgency normal and low"
    assert BatchingGroup(enabled=False).summary() == "off"
    assert load(BATCH_URGENCIES="high,low").batching.urgencies == ("high", "low")
    assert errors(BATCH_URGENCIES="soon")[0].startswith("BATCH_URGENCIES must be 'critical', 'high', 'normal' or 'low'")


def test_limits_are_checked():
    raised = load(LIMIT_PER_HOUR_PER_NUMBER="10", LIMIT_PER_DAY_PER_NUMBER="50", LIMIT_COST_PER_DAY="200").limits
    assert raised.summary() == "10 an hour and 50 a day per number, 200 USD a day, warning at 80 %"
    assert errors(LIMIT_PER_HOUR_PER_NUMBER="30")[0].startswith("LIMIT_PER_HOUR_PER_NUMBER is larger")
    assert errors(LIMIT_COST_PER_DAY="1.234")[0].startswith("LIMIT_COST_PER_DAY has more than two digits")
    assert errors(LIMIT_COST_CURRENCY="dollars")[0].startswith("LIMIT_COST_CURRENCY is not in the form it needs")
    assert errors(LIMIT_WARNING_PERCENT="101")[0].startswith("LIMIT_WARNING_PERCENT must be at most 100")
    assert errors(LIMIT_PER_DAY_PER_NUMBER="0")[0].startswith("LIMIT_PER_DAY_PER_NUMBER must be at least 1")


def test_rotation_and_headers_are_checked():
    assert errors(ROTATION_WARNING_DAYS="90")[0].startswith("ROTATION_WARNING_DAYS is not shorter")
    outcome = look(TLS_VERIFY="false", SECURITY_HEADERS_ENABLED="no")
    assert told(outcome, "TLS_VERIFY")[0].startswith("TLS_VERIFY is off")
    assert told(outcome, "SECURITY_HEADERS_ENABLED")[0].startswith("SECURITY_HEADERS_ENABLED is off")
    assert "NOT verified" in outcome.config.security.summary()


@pytest.mark.parametrize("content", [None, "no certificate here"])
def test_a_bundle_must_hold_certificates(tmp_path, content):
    bundle = tmp_path / "ca.pem"
    if content:
        bundle.write_text(content)
    assert errors(CA_BUNDLE=str(bundle))[0].startswith("CA_BUNDLE cannot be read as a file of certificates")
