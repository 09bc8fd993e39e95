"""Loading: where values come from, which wins, and how errors are told."""

import json
import traceback

import pytest
from portal.config import current
from portal.config.channels import ChannelMode
from portal.config.configuration import GROUPS, Config
from portal.config.load import known_variables, load_config
from portal.config.problems import ConfigError

from tests.config.samples import LEAST, SMTP, TWILIO, errors, load, look, told


def test_the_least_environment_loads_with_the_defaults():
    config = load()
    assert config.general.public_base_url == "http://127.0.0.1:8000"
    assert config.redis.max_connections == 20
    assert (config.security.rotation_interval_days, config.security.rotation_warning_days) == (90, 7)
    assert (config.limits.per_hour_per_number, config.limits.per_day_per_number) == (5, 20)
    assert str(config.limits.cost_per_day) == "50.00"
    assert (config.batching.size, config.batching.window_seconds) == (3, 300)


def test_settings_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        load().general.debug = True


def test_every_group_is_a_field_of_the_settings():
    assert [group.name for group in GROUPS] == list(Config.model_fields)
    assert [type(group) for group in load().groups()] == list(GROUPS)


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("PORT=9001\nORGANISATION_NAME='Tidewell $HOME'\nWITHOUT_VALUE\n")
    config = load_config({**LEAST, "PORT": "9002"}, file)
    assert (config.general.port, config.general.organisation) == (9002, "Tidewell $HOME")


def test_the_environment_may_name_another_file(tmp_path):
    (tmp_path / "other.env").write_text("PORT=9003\n")
    assert load_config({**LEAST, "HEEDFUL_ENV_FILE": str(tmp_path / "other.env")}).general.port == 9003


def test_an_empty_value_counts_as_not_set():
    assert load(PORT=" ", WHATSAPP_API_URL="").whatsapp.api_url == "https://graph.facebook.com/v23.0"


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path):
    (tmp_path / "password").write_text("from-a-file\n")
    given = {**SMTP, "SMTP_PASSWORD": "", "SMTP_PASSWORD_FILE": str(tmp_path / "password")}
    assert load(**given).smtp.password.reveal() == "from-a-file"


def test_a_secret_given_twice_is_refused():
    assert errors(**SMTP, SMTP_PASSWORD_FILE="/x") == [
        "SMTP_PASSWORD and SMTP_PASSWORD_FILE are both set. Remove one of them."
    ]


def test_a_secret_file_that_cannot_be_read_is_named_without_its_path():
    found = errors(**{**SMTP, "SMTP_PASSWORD": "", "SMTP_PASSWORD_FILE": "pasted-secret-canary"})
    assert found[0].startswith("SMTP_PASSWORD_FILE names a file that cannot be read.")
    assert "pasted-secret-canary" not in " ".join(found)


@pytest.mark.parametrize("content", [b"\xff\xfe=\xfa", None])
def test_a_file_of_settings_that_cannot_be_read_is_a_problem_of_its_own(tmp_path, content):
    file = tmp_path / ".env"
    file.write_bytes(content) if content else file.mkdir()
    outcome = look(file)
    assert told(outcome, str(file)) == [
        f"{file} cannot be read. Make it a text file in UTF-8 that this user can read (chmod 600)."
    ]
    assert not outcome.reading.readable


def test_running_embedded_servers_are_found(tmp_path):
    facts = tmp_path / "run/servers.json"
    facts.parent.mkdir()
    urls = {"DATABASE_URL": "postgresql:///a", "DATABASE_OWNER_URL": "postgresql:///b", "REDIS_URL": "unix:///c"}
    facts.write_text(json.dumps({**urls, "DATABASE_AUDIT_URL": ""}))
    environ = {**LEAST, "HEEDFUL_VAR_DIR": str(tmp_path)}
    own = load_config({**environ, "DATABASE_URL": "postgresql:///own"}, None)
    assert (own.database.url.reveal(), bool(own.database.owner_url)) == ("postgresql+psycopg:///own", False)
    assert own.redis.url.reveal() == "unix:///c"
    environ.pop("DATABASE_URL")
    found = load_config(environ, None)
    assert found.database.owner_url.reveal() == "postgresql+psycopg:///b"


def test_commands_judge_the_channels_as_the_running_portal_does(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/servers.json").write_text(json.dumps({"HEEDFUL_DEMO": "1"}))
    assert load(HEEDFUL_VAR_DIR=str(tmp_path)).mode_of("sms") == ChannelMode.SIMULATION
    assert load(HEEDFUL_VAR_DIR=str(tmp_path), HEEDFUL_DEMO="0").mode_of("sms") == ChannelMode.DISABLED


def test_commands_make_links_to_the_port_at_which_make_run_answers(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/servers.json").write_text(json.dumps({"PORT": "8731"}))
    assert load(HEEDFUL_VAR_DIR=str(tmp_path)).general.public_base_url == "http://127.0.0.1:8731"
    assert load(HEEDFUL_VAR_DIR=str(tmp_path), PORT="9000").general.public_base_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize("content", ["[]", "{", ""])
def test_damaged_facts_of_embedded_servers_are_no_facts(tmp_path, content):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/servers.json").write_text(content)
    assert not load(HEEDFUL_VAR_DIR=str(tmp_path)).redis.url


def test_every_problem_is_listed_at_once_with_its_remedy():
    with pytest.raises(ConfigError) as refused:
        load_config({"SMTP_PORT": "x", "RETRY_DELAYS": "1,x", "EMAIL_MODE": "loud", **TWILIO}, None)
    text = str(refused.value)
    assert "SMTP_PORT is not a whole number. It means: Port of the relay." in text
    assert "RETRY_DELAYS is not a whole number." in text
    assert "EMAIL_MODE must be 'auto', 'disabled', 'simulation' or 'live'." in text
    assert "DATABASE_URL is required." in text
    assert "DB_ENCRYPTION_KEY is required." in text


@pytest.mark.parametrize("canary", ["canary\x07 9917 <not/usable> @@", "canary-9917-\x07-=,,", "http://9917@["])
def test_no_value_appears_in_what_is_told_about_it(canary):
    for name in known_variables():
        assert "9917" not in refusal_of(name, canary)


def refusal_of(name, canary):
    with pytest.raises(ConfigError) as refused:
        load_config({**LEAST, **SMTP, **TWILIO, "LOG_LEVEL": "loud", name: canary}, None)
    assert refused.value.__context__ is None
    written = [*traceback.format_exception(refused.value), repr(refused.value), repr(refused.value.problems)]
    return "".join(written)


def test_a_name_that_nobody_reads_is_told_when_it_looks_like_ours():
    outcome = look(SMTP_PASWORD="x", SECRET_KEY_FILES="x", SOMETHING_ELSE="y")
    assert told(outcome, "SMTP_PASWORD") == ["SMTP_PASWORD is not read. Did you mean SMTP_PASSWORD?"]
    assert told(outcome, "SECRET_KEY_FILES")
    assert not told(outcome, "SOMETHING_ELSE")


def test_reading_shows_no_value(tmp_path):
    assert repr(look().reading) == f"<Reading of {len(LEAST)} variables>"
    (tmp_path / ".env").touch()
    assert look(tmp_path / ".env").reading.env_file == tmp_path / ".env"


def test_a_connection_that_cannot_be_read_is_named():
    found = errors(DATABASE_URL="postgresql://canary:pass@[host/heedful", REDIS_URL="rediss://h:port/0")
    assert [text.split(".")[0] for text in found] == [
        "DATABASE_URL cannot be read as a URL",
        "REDIS_URL cannot be read as a URL",
    ]


def test_other_databases_are_refused():
    found = errors(DATABASE_URL="mysql://h/x", REDIS_URL="http://h/0")
    assert [text.split(";")[0].split(".")[0] for text in found] == [
        "DATABASE_URL is not a PostgreSQL URL",
        "REDIS_URL is not a Redis URL",
    ]


def test_current_loads_once_and_can_be_replaced(monkeypatch, tmp_path):
    before = list(current._installed)
    try:
        current.reset()
        for name, value in {**LEAST, "HEEDFUL_ENV_FILE": str(tmp_path / "none"), "PORT": "9004"}.items():
            monkeypatch.setenv(name, value)
        assert current.current().general.port == 9004
        assert current.current() is current.current()
        other = load(PORT="9005")
        current.install(other)
        assert current.current() is other
    finally:
        current._installed[:] = before
