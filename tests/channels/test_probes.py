"""Probes against providers that answer well, badly, slowly, or not at all."""

import socket
import threading
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from portal.channels.probes.http import Trust
from portal.channels.probes.outcome import ProbeCode
from portal.channels.probes.smtp import OAuthGrant, SmtpTarget, probe_smtp
from portal.channels.probes.twilio import TwilioTarget, probe_twilio
from portal.channels.probes.whatsapp import WhatsappTarget, probe_whatsapp

SID = "AC" + "0" * 32


@pytest.fixture
def trust(certificate):
    return Trust(bundle=certificate)


@pytest.fixture
def silent_port():
    """A port that accepts and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def number(provider, trust):
    return WhatsappTarget(provider.url, "1005550100", "invented-token", trust, 5)


@pytest.fixture
def account(provider, trust):
    return TwilioTarget(SID, "SK" + "1" * 32, "invented-secret", trust, 5, provider.url)


def test_a_known_number_works_and_is_asked_with_the_token(provider, number):
    provider.body = {"id": "1005550100"}
    assert probe_whatsapp(number).works
    method, path, headers, _ = provider.asked[0]
    assert (method, path) == ("GET", "/1005550100?fields=id")
    assert headers["Authorization"] == "Bearer invented-token"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"id": "another"}, ProbeCode.UNKNOWN),
        (200, b"<html>", ProbeCode.BROKEN),
        (200, ["list"], ProbeCode.BROKEN),
        (302, {}, ProbeCode.BROKEN),
        (400, {"error": {"code": 190}}, ProbeCode.REFUSED),
        (400, {"error": {"code": 100}}, ProbeCode.UNKNOWN),
        (400, {"error": "odd"}, ProbeCode.REFUSED),
        (401, {}, ProbeCode.REFUSED),
        (404, {}, ProbeCode.UNKNOWN),
        (429, {}, ProbeCode.THROTTLED),
        (503, {}, ProbeCode.BROKEN),
    ],
)
def test_an_answer_of_meta_becomes_its_meaning(provider, number, status, body, code):
    provider.status, provider.body = status, body
    outcome = probe_whatsapp(number)
    assert (outcome.code, outcome.number, outcome.works) == (code, status, False)


def test_a_certificate_nobody_vouches_for_is_not_trusted(number):
    assert probe_whatsapp(replace(number, trust=Trust())).code is ProbeCode.UNTRUSTED


def test_a_certificate_is_not_looked_at_when_verification_is_off(provider, number):
    provider.body = {"id": "1005550100"}
    assert probe_whatsapp(replace(number, trust=Trust(verify=False))).works


def test_nobody_there_is_unreachable(number, free_port):
    assert probe_whatsapp(replace(number, api_url=f"http://127.0.0.1:{free_port}")).code is ProbeCode.UNREACHABLE


def test_a_connection_cut_in_the_middle_is_unreachable(number):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        port = server.getsockname()[1]
        assert probe_whatsapp(replace(number, api_url=f"http://127.0.0.1:{port}")).code is ProbeCode.UNREACHABLE
        thread.join()


def test_silence_is_a_timeout(number, silent_port):
    target = replace(number, api_url=f"http://127.0.0.1:{silent_port}", timeout=0.2)
    assert probe_whatsapp(target).code is ProbeCode.TIMEOUT


def test_an_active_account_works_and_is_fetched_with_the_key(provider, account):
    provider.body = {"sid": SID, "status": "active"}
    assert probe_twilio(account).works
    method, path, headers, _ = provider.asked[0]
    assert (method, path) == ("GET", f"/2010-04-01/Accounts/{SID}.json")
    assert headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "body", "code", "number"),
    [
        (200, {"sid": SID, "status": "suspended"}, ProbeCode.INACTIVE, None),
        (401, {"code": 20003, "message": "private words"}, ProbeCode.REFUSED, 401),
        (404, {"code": 20404}, ProbeCode.UNKNOWN, 404),
        (500, b"", ProbeCode.BROKEN, 500),
    ],
)
def test_an_answer_of_twilio_becomes_its_meaning(provider, account, status, body, code, number):
    provider.status, provider.body = status, body
    outcome = probe_twilio(account)
    assert (outcome.code, outcome.number) == (code, number)
    assert "private words" not in repr(outcome)


def test_without_a_stand_in_twilio_itself_would_be_asked(account):
    outcome = probe_twilio(replace(account, base_url="", trust=Trust(), timeout=0.5))
    assert outcome.code == ProbeCode.UNREACHABLE


@pytest.fixture
def target(trust):
    return SmtpTarget("127.0.0.1", 0, "starttls", "news", "right", trust, 5)


def test_a_relay_that_takes_our_password_after_starttls_works(relay, target):
    assert probe_smtp(replace(target, port=relay().port)).works


def test_a_relay_with_tls_from_the_first_byte_works(relay, target):
    assert probe_smtp(replace(target, port=relay(implicit=True, starttls=False).port, security="tls")).works


def test_a_relay_that_asks_for_no_sign_in_works_without_a_user_name(relay, target):
    open_relay = relay(auth=False, starttls=False)
    assert probe_smtp(replace(target, port=open_relay.port, security="none", username="")).works


def test_a_wrong_password_is_refused_with_the_number_alone(relay, target):
    outcome = probe_smtp(replace(target, port=relay().port, password="wrong"))
    assert (outcome.code, outcome.number) == (ProbeCode.REFUSED, 535)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_relay_nobody_vouches_for_is_not_trusted(relay, target, security):
    port = relay(implicit=security == "tls", starttls=security == "starttls").port
    outcome = probe_smtp(replace(target, port=port, security=security, trust=Trust()))
    assert outcome.code is ProbeCode.UNTRUSTED


def test_a_relay_without_starttls_is_told_no_password(relay, target):
    assert probe_smtp(replace(target, port=relay(starttls=False).port)).code is ProbeCode.NO_TLS


def test_a_relay_that_offers_no_sign_in_says_so(relay, target):
    assert probe_smtp(replace(target, port=relay(auth=False).port)).code is ProbeCode.NO_SIGN_IN


def test_no_relay_there_is_unreachable(target, free_port):
    assert probe_smtp(replace(target, port=free_port)).code is ProbeCode.UNREACHABLE


def test_a_relay_that_says_nothing_is_a_timeout(target, silent_port):
    assert probe_smtp(replace(target, port=silent_port, timeout=0.2)).code is ProbeCode.TIMEOUT


@pytest.mark.parametrize(
    ("banner", "code"), [(b"421 busy\r\n", ProbeCode.THROTTLED), (b"554 no\r\n", ProbeCode.BROKEN)]
)
def test_a_relay_that_turns_us_away_at_the_door_is_understood(target, banner, code):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def greet():
            with server.accept()[0] as guest:
                guest.sendall(banner)
                guest.recv(100)

        thread = threading.Thread(target=greet)
        thread.start()
        outcome = probe_smtp(replace(target, port=server.getsockname()[1]))
        thread.join()
    assert outcome.code is code


@pytest.fixture
def grant(provider):
    provider.body = {"access_token": "fresh"}
    return OAuthGrant(f"{provider.url}/token", "client", "", "refresh", "mail", 5)


def test_a_fresh_token_lets_us_in(relay, target, provider, grant):
    assert probe_smtp(replace(target, port=relay().port, oauth=grant)).works
    asked = parse_qs(provider.asked[0][3].decode())
    assert asked == {
        "grant_type": ["refresh_token"],
        "client_id": ["client"],
        "refresh_token": ["refresh"],
        "scope": ["mail"],
    }


def test_a_token_the_relay_does_not_take_is_refused(relay, target, provider, grant):
    provider.body = {"access_token": "stale"}
    outcome = probe_smtp(replace(target, port=relay().port, oauth=grant))
    assert (outcome.code, outcome.number) == (ProbeCode.REFUSED, 535)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, {"error": "invalid_grant"}), ProbeCode.REFUSED),
        ((503, {}), ProbeCode.BROKEN),
        ((200, {"token": "?"}), ProbeCode.BROKEN),
    ],
)
def test_a_token_that_cannot_be_renewed_says_why(relay, target, provider, grant, answer, code):
    provider.status, provider.body = answer
    assert probe_smtp(replace(target, port=relay().port, oauth=grant)).code is code


def test_no_target_shows_its_secrets(target, account, number, grant):
    for one in (target, account, number, grant):
        assert "right" not in repr(one)
        assert "invented" not in repr(one)
