"""Asking real servers the way config check does."""

import pytest
from portal.config.channels import Channel
from portal.config.current import current
from portal.config.secret import Secret
from portal.config.smtp import SmtpAuth
from portal.health.queries.live import (
    _refusal,
    _way,
    probe_channel,
    probe_database,
    smtp_target,
    twilio_target,
    whatsapp_target,
)
from portal.health.queries.verify import migration_findings
from psycopg.pq import Ping


def test_a_server_that_does_not_let_us_in_is_told_from_one_that_is_not_there(session, own_database, free_port):
    wrong = Secret(own_database.app_url.replace("heedful_app", "nobody_here"))
    absent = Secret(f"postgresql://nobody@127.0.0.1:{free_port}/nowhere")
    assert probe_database("Database", current(), wrong).figures == "answers, but does not let us in"
    assert probe_database("Database", current(), absent).figures == "could not be reached"


def test_a_server_that_is_starting_asks_for_patience():
    assert _refusal(Ping.REJECT)[0] == "is starting or stopping"


@pytest.mark.parametrize(
    ("protocol", "local", "said"),
    [("TLSv1.3", False, "encrypted with TLSv1.3"), (None, False, "not encrypted"), (None, True, "over a socket")],
)
def test_the_way_to_a_server_is_said(protocol, local, said):
    assert _way(protocol, local=local).startswith(said)


def test_a_database_at_another_migration_and_code_with_two_lines_are_findings():
    assert [one.remedy for one in migration_findings("1", ("2", "3"))] == [
        "Merge them into one line.",
        "Run flask --app wsgi db upgrade.",
    ]
    assert list(migration_findings("2", ("2",))) == []


def test_the_relay_is_asked_with_a_password_a_token_or_without_sign_in(session, lock):
    lock("smtp", chosen_host="relay.tidewell.example", chosen_username="news", from_email="news@tidewell.example")
    assert (smtp_target(current()).username, smtp_target(current()).oauth) == ("news", None)
    lock("smtp", auth=SmtpAuth.OAUTH2)
    assert smtp_target(current()).oauth is not None
    lock("smtp", auth=SmtpAuth.NONE)
    assert smtp_target(current()).username == ""


def test_twilio_is_asked_with_the_key_where_there_is_one(session, lock):
    lock("twilio", account_sid="AC1", auth_token=Secret("token"))
    assert twilio_target(current()).username == "AC1"
    lock("twilio", api_key="SK1", api_secret=Secret("secret"))
    assert (twilio_target(current()).username, twilio_target(current()).password) == ("SK1", "secret")


def test_every_configured_provider_is_asked(session, lock, free_port):
    lock("whatsapp", api_url=f"http://127.0.0.1:{free_port}", phone_number_id="1", access_token=Secret("token"))
    assert whatsapp_target(current()).phone_number_id == "1"
    assert probe_channel(current(), Channel.WHATSAPP).state == "No answer"
    lock("twilio", account_sid="AC1", auth_token=Secret("token"), from_number="+15005550006")
    assert probe_channel(current(), Channel.SMS).state == "No answer"
