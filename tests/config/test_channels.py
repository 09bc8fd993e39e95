"""Channels: what configures each, what is missing, and which mode follows."""

import pytest
from portal.config.group import ChannelGroup
from portal.config.smtp import SmtpGroup
from portal.config.smtp_presets import PROVIDERS, Preset

from tests.config.samples import SMTP, TWILIO, WHATSAPP, errors, load, look, told

OAUTH = {
    "SMTP_PRESET": "outlook",
    "SMTP_AUTH": "oauth2",
    "SMTP_USERNAME": "news@tidewell.example",
    "SMTP_FROM_EMAIL": "news@tidewell.example",
    "SMTP_OAUTH_CLIENT_ID": "id",
    "SMTP_OAUTH_REFRESH_TOKEN": "refresh-canary",
}


def without(given, *names):
    return {name: value for name, value in given.items() if name not in names}


def test_nothing_configured_disables_the_channels_and_nothing_else():
    config = load()
    assert config.enabled_channels() == []
    assert [config.mode_of(channel) for channel in ("email", "sms", "whatsapp")] == ["disabled"] * 3
    assert not [problem for problem in look().problems if problem.group in ("smtp", "twilio", "whatsapp")]


def test_the_demo_simulates_what_is_not_configured():
    config = load(HEEDFUL_DEMO="1", **SMTP)
    assert config.mode_of("email") == "live"
    assert config.mode_of("sms") == config.mode_of("whatsapp") == "simulation"
    assert config.enabled_channels() == ["email", "sms", "whatsapp"]


@pytest.mark.parametrize(("channel", "given"), [("email", SMTP), ("sms", TWILIO), ("whatsapp", WHATSAPP)])
def test_a_configured_channel_is_live_and_the_others_are_not(channel, given):
    assert load(**given).enabled_channels() == [channel]
    assert load(**given).mode_of(channel) == "live"


@pytest.mark.parametrize("mode", ["disabled", "simulation"])
def test_the_operator_can_choose_another_mode(mode):
    assert load(**SMTP, EMAIL_MODE=mode).mode_of("email") == mode


def test_a_channel_cannot_be_live_without_its_credentials():
    (found,) = errors(SMS_MODE="live")
    assert found.startswith("SMS_MODE is live, but none of the variables of SMS (Twilio) are set.")


def test_an_unknown_channel_is_no_channel():
    with pytest.raises(ValueError, match="fax"):
        load().mode_of("fax")


@pytest.mark.parametrize(
    ("given", "variable"),
    [(SMTP, name) for name in SMTP]
    + [(TWILIO, name) for name in TWILIO]
    + [(WHATSAPP, name) for name in ("WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_ACCESS_TOKEN")],
)
def test_a_half_filled_group_names_what_is_missing(given, variable):
    (found,) = errors(**without(given, variable))
    assert found.startswith(f"{variable} is required")


def test_a_parked_channel_may_be_half_filled():
    outcome = look(EMAIL_MODE="disabled", SMTP_HOST="smtp.tidewell.example")
    assert outcome.config.mode_of("email") == "disabled"
    assert told(outcome, "SMTP_USERNAME")
    assert look(EMAIL_MODE="auto", SMTP_HOST="smtp.tidewell.example").config is None


@pytest.mark.parametrize(
    ("preset", "host"),
    [
        ("gmail", "smtp.gmail.com"),
        ("outlook", "smtp.office365.com"),
        ("sendgrid", "smtp.sendgrid.net"),
        ("ses", "email-smtp.eu-west-1.amazonaws.com"),
    ],
)
def test_a_preset_knows_its_host(preset, host):
    given = {**without(SMTP, "SMTP_HOST"), "SMTP_PRESET": preset, "AWS_REGION": "eu-west-1"}
    smtp = load(**given).smtp
    assert (smtp.host, smtp.port, smtp.security, smtp.timeout) == (host, 587, "starttls", 30)


def test_a_missing_password_says_where_the_provider_shows_it():
    (found,) = errors(**without(SMTP, "SMTP_HOST", "SMTP_PASSWORD"), SMTP_PRESET="gmail")
    assert "https://myaccount.google.com/apppasswords" in found


def test_sendgrid_knows_its_user_name_and_a_gmail_address_its_host():
    assert load(**without(SMTP, "SMTP_HOST", "SMTP_USERNAME"), SMTP_PRESET="sendgrid").smtp.username == "apikey"
    gmail = {**without(SMTP, "SMTP_HOST"), "SMTP_USERNAME": "ann@gmail.com"}
    assert load(**gmail).smtp.host == "smtp.gmail.com"
    assert SmtpGroup(chosen_username="ann", preset=Preset.NONE).host == SmtpGroup().username == ""


def test_outlook_with_a_password_is_warned_about():
    outcome = look(**without(SMTP, "SMTP_HOST"), SMTP_PRESET="outlook")
    assert "Microsoft is ending" in told(outcome, "SMTP_AUTH")[0]


def test_oauth_needs_its_client_and_token_but_no_password():
    smtp = load(**OAUTH).smtp
    assert smtp.token_url == PROVIDERS[Preset.OUTLOOK].token_url
    assert smtp.scope.startswith("https://outlook.office.com/")
    missing = errors(**without(OAUTH, "SMTP_PRESET", "SMTP_OAUTH_CLIENT_ID", "SMTP_OAUTH_REFRESH_TOKEN"), SMTP_HOST="h")
    assert [text.split(" ")[0] for text in missing] == [
        "SMTP_OAUTH_CLIENT_ID",
        "SMTP_OAUTH_REFRESH_TOKEN",
        "SMTP_OAUTH_TOKEN_URL",
    ]
    assert SmtpGroup().scope == ""


def test_tls_from_the_first_byte_follows_the_port_or_the_choice():
    assert load(**SMTP, SMTP_PORT="465").smtp.security == "tls"
    assert load(**SMTP, SMTP_USE_SSL="true").smtp.port == 465
    assert load(**SMTP, SMTP_USE_SSL="true", SMTP_USE_TLS="false").smtp.security == "tls"
    (found,) = errors(**SMTP, SMTP_USE_SSL="true", SMTP_USE_TLS="true")
    assert found.startswith("SMTP_USE_SSL and SMTP_USE_TLS are both on")


def test_mail_travels_in_clear_to_this_machine_only():
    (found,) = errors(**SMTP, SMTP_USE_TLS="false")
    assert found.startswith("SMTP_USE_TLS is off")
    local = {"SMTP_HOST": "127.0.0.1", "SMTP_AUTH": "none", "SMTP_FROM_EMAIL": "news@tidewell.example"}
    assert load(**local, SMTP_USE_TLS="false").smtp.security == "none"


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("SMTP_HOST", "smtp://relay.example", "is not a host name"),
        ("SMTP_FROM_EMAIL", "Ann <ann@tidewell.example>", "is not one email address"),
        ("SMTP_FROM_NAME", "Tidewell\nBcc: x@y.example", "holds a line break"),
        ("SMTP_TIMEOUT", "soon", "is not a number"),
        ("TWILIO_FROM_NUMBER", "0415 555", "is not in E.164 form"),
        ("TWILIO_FROM_NUMBER", "+1234567890123456", "is not in E.164 form"),
        ("TWILIO_ACCOUNT_SID", "SK" + "0" * 32, "does not look like a Twilio account SID"),
        ("TWILIO_API_KEY", "AC" + "0" * 32, "does not look like a Twilio API key SID"),
        ("TWILIO_MESSAGING_SERVICE_SID", "x", "does not look like a Twilio messaging service SID"),
        ("WHATSAPP_PHONE_NUMBER_ID", "+1415", "holds more than digits"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(variable, value, reason):
    (found,) = errors(**{**SMTP, **TWILIO, variable: value})
    assert found.startswith(f"{variable} {reason}")


def test_twilio_prefers_an_api_key_and_warns_without_the_token():
    given = {
        **without(TWILIO, "TWILIO_AUTH_TOKEN"),
        "TWILIO_API_KEY": "SK" + "0a" * 16,
        "TWILIO_API_SECRET": "s-canary",
    }
    outcome = look(**given)
    assert outcome.config.mode_of("sms") == "live"
    assert "refused" in told(outcome, "TWILIO_AUTH_TOKEN")[0]
    for one, other in (("TWILIO_API_KEY", "TWILIO_API_SECRET"), ("TWILIO_API_SECRET", "TWILIO_API_KEY")):
        assert f"{one} is required when {other} is set" in errors(**without(given, one))[0]


def test_twilio_may_send_by_a_messaging_service():
    given = {**without(TWILIO, "TWILIO_FROM_NUMBER"), "TWILIO_MESSAGING_SERVICE_SID": "MG" + "0a" * 16}
    assert load(**given).mode_of("sms") == "live"
    assert load().twilio.area_code == "720"


def test_a_stand_in_for_twilio_stands_on_this_machine_and_is_warned_about():
    outcome = look(**TWILIO, TWILIO_API_URL="http://127.0.0.1:4010/")
    assert outcome.config.twilio.api_url == "http://127.0.0.1:4010"
    assert "no SMS reaches anybody" in told(outcome, "TWILIO_API_URL")[0]
    for elsewhere in ("https://twilio.example", "http://twilio.example"):
        assert errors(**TWILIO, TWILIO_API_URL=elsewhere)


def test_whatsapp_without_what_verifies_receipts_is_warned_about():
    outcome = look(**{name: WHATSAPP[name] for name in ("WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_ACCESS_TOKEN")})
    advised = [problem.variable for problem in outcome.problems if problem.group == "whatsapp"]
    assert advised == ["WHATSAPP_BUSINESS_ACCOUNT_ID", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET"]
    assert outcome.config.whatsapp.summary() == "1000 recipients in 24 hours"


def test_a_channel_group_must_say_what_it_needs():
    with pytest.raises(NotImplementedError):
        _ = ChannelGroup().is_started
    for asked in (ChannelGroup().missing, ChannelGroup().summary):
        with pytest.raises(NotImplementedError):
            asked()
