"""Hand-overs to a real SMTP conversation on loopback: each answer, each broken connection."""

import socket
from dataclasses import replace

import pytest
from portal.channels.base import Accepted, FailureClass, Refused, Scope, Unknown
from portal.channels.email.smtp import Security, SmtpAccount, SmtpSender

from tests.channels.conversation import speaking

RAW = b"Subject: x\r\n\r\n.dot\r\n..two\r\nend"


def sender(port, **facts):
    return SmtpSender(
        SmtpAccount("127.0.0.1", port, Security.NONE, timeout=5, connect_wait=0, local_hostname="localhost", **facts)
    )


def hand_over(port, to="maria@example.org", **facts):
    one = sender(port, **facts)
    try:
        return one.send("bounce@tidewell.example", to, RAW, "m1")
    finally:
        one.close()


def test_an_accepted_message_arrives_with_its_dots():
    with speaking() as talk:
        assert hand_over(talk.port) == Accepted("m1", "250")
    assert talk.received == [b"Subject: x\r\n\r\n..dot\r\n...two\r\nend\r\n"]


def test_one_connection_carries_many_messages():
    with speaking() as talk:
        one = sender(talk.port)
        outcomes = [one.send("a@b.example", "c@d.example", RAW, str(n)) for n in range(105)]
        one.close()
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert talk.connections == 2


@pytest.mark.parametrize(
    ("phase", "reply", "kind", "scope", "suppress"),
    [
        ("rcpt", "550 5.1.1 no such user", FailureClass.PERMANENT, Scope.RECIPIENT, True),
        ("rcpt", "550 nobody", FailureClass.PERMANENT, Scope.RECIPIENT, True),
        ("rcpt", "552 odd", FailureClass.PERMANENT, Scope.MESSAGE, False),
        ("rcpt", "450 4.2.1 slower", FailureClass.THROTTLED, Scope.ACCOUNT, False),
        ("rcpt", "452 4.2.2 full", FailureClass.TRANSIENT, Scope.RECIPIENT, False),
        ("rcpt", "451 later", FailureClass.TRANSIENT, Scope.PROVIDER, False),
        ("mail", "550 5.1.1 odd", FailureClass.CONFIG, Scope.ACCOUNT, False),
        ("mail", "452 4.2.2 odd", FailureClass.TRANSIENT, Scope.PROVIDER, False),
        ("mail", "530 5.7.0 sign in", FailureClass.AUTH, Scope.ACCOUNT, False),
        ("data", "554 5.7.1 no", FailureClass.PERMANENT, Scope.MESSAGE, False),
        ("dot", "550 5.7.26 unproven", FailureClass.CONFIG, Scope.SENDER, False),
        ("dot", "421 too many", FailureClass.THROTTLED, Scope.ACCOUNT, False),
        ("greeting", "554 go away", FailureClass.CONFIG, Scope.ACCOUNT, False),
    ],
)
def test_each_refusal_says_what_it_concerns(phase, reply, kind, scope, suppress):
    with speaking(**{phase: [reply]}) as talk:
        outcome = hand_over(talk.port)
    assert isinstance(outcome, Refused)
    assert (outcome.failure.kind, outcome.failure.scope, outcome.failure.suppress) == (kind, scope, suppress)


def test_after_a_refusal_the_connection_is_used_again():
    with speaking(rcpt=["550 5.1.1 no"]) as talk:
        one = sender(talk.port)
        first, second = (one.send("a@b.example", "c@d.example", RAW, "m") for _ in range(2))
        one.close()
    assert (type(first), type(second), talk.connections) == (Refused, Accepted, 1)


@pytest.mark.parametrize("rset", ["500 what", None])
def test_a_server_that_cannot_start_over_gets_a_new_connection(rset):
    with speaking(rcpt=["550 5.1.1 no"], rset=[rset]) as talk:
        one = sender(talk.port)
        outcomes = [one.send("a@b.example", "c@d.example", RAW, "m") for _ in range(2)]
        one.close()
    assert ([type(outcome) for outcome in outcomes], talk.connections) == ([Refused, Accepted], 2)


def test_a_connection_lost_after_the_final_dot_leaves_the_outcome_unknown():
    with speaking(dot=[None]) as talk:
        assert isinstance(hand_over(talk.port), Unknown)
    assert len(talk.received) == 1


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
def test_a_connection_lost_before_the_message_is_safe_to_repeat(phase):
    with speaking(**{phase: [None]}) as talk:
        outcome = hand_over(talk.port)
    assert outcome.failure.kind is FailureClass.TRANSIENT
    assert talk.received == []


def test_a_server_that_is_not_there_is_asked_three_times():
    with speaking(greeting=[None, None]) as talk:
        assert hand_over(talk.port) == Accepted("m1", "250")
    assert talk.connections == 3


def test_a_server_that_stays_away_is_a_transient_failure_of_the_account():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        outcome = hand_over(unused.getsockname()[1])
    assert (outcome.failure.kind, outcome.failure.scope) == (FailureClass.TRANSIENT, Scope.ACCOUNT)


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "no-at", "ü@b.example"])
def test_an_address_that_could_carry_commands_is_refused_before_anything_is_said(address):
    with speaking() as talk:
        outcome = hand_over(talk.port, to=address)
    assert (outcome.failure.kind, talk.connections) == (FailureClass.PERMANENT, 0)


def test_the_account_never_shows_its_password():
    account = SmtpAccount("mail.example", 587, Security.STARTTLS, "u", "canary-password")
    assert "canary" not in repr(account)


RELAY = SmtpAccount("127.0.0.1", 0, Security.STARTTLS, "news", "right", timeout=5, connect_wait=0, connect_tries=1)


def through(relay, certificate, **facts):
    one = SmtpSender(replace(RELAY, port=relay.port, **{"ca_bundle": str(certificate), **facts}))
    try:
        return one.send("bounce@tidewell.example", "maria@example.org", RAW, "m1")
    finally:
        one.close()


def test_a_message_leaves_over_verified_starttls_after_signing_in(relay, certificate):
    assert through(relay(), certificate) == Accepted("m1", "250")


def test_a_message_leaves_over_tls_from_the_first_byte(relay, certificate):
    server = relay(implicit=True, starttls=False)
    assert through(server, certificate, security=Security.TLS) == Accepted("m1", "250")


def test_a_server_nobody_vouches_for_is_told_nothing(relay, certificate):
    outcome = through(relay(), certificate, ca_bundle=None)
    assert (outcome.failure.kind, outcome.failure.code) == (FailureClass.CONFIG, "certificate")


def test_a_wrong_password_stops_the_account_and_not_the_recipient(relay, certificate):
    outcome = through(relay(), certificate, password="wrong")
    assert (outcome.failure.kind, outcome.failure.scope) == (FailureClass.AUTH, Scope.ACCOUNT)


@pytest.mark.parametrize(
    ("offer", "code"), [({"starttls": False}, "tls_not_offered"), ({"auth": False}, "auth_not_offered")]
)
def test_a_server_that_lacks_what_we_ask_for_is_a_matter_of_configuration(relay, certificate, offer, code):
    outcome = through(relay(**offer), certificate)
    assert (outcome.failure.kind, outcome.failure.code) == (FailureClass.CONFIG, code)
