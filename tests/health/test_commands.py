"""The commands an administrator and a pipeline run."""

import json

import pytest
from portal.config.channels import Channel
from portal.config.current import current
from portal.config.secret import Secret
from portal.config.smtp import SmtpAuth
from portal.health.queries.config_lines import PROBES, channel_line, owner_line, redis_line
from portal.health.queries.verify import expected_triggers
from portal.health.rules.database import TRIGGERS
from sqlalchemy import text

from tests.fixtures.database import run_as_superuser


def run(app, *words):
    done = app.test_cli_runner().invoke(args=words)
    return done.exit_code, done.output


def break_as_owner(database, *statements):
    with database.connect("postgres") as owner:
        for statement in statements:
            owner.execute(statement)


def test_a_sound_database_is_said_to_be_sound_with_figures_of_its_tables(isolation):
    code, said = run(isolation, "database", "verify")
    assert (code, said.strip().splitlines()[-1]) == (0, "The database is sound."), said
    assert "setting_change" in said


def test_a_sound_database_is_said_to_be_sound_for_programs(isolation):
    code, said = run(isolation, "database", "verify", "--json")
    data = json.loads(said)
    assert (code, data["sound"]) == (0, True)
    assert {"table", "rows", "size", "analyzed"} == set(data["tables"][0])


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0001_base'", "Run flask --app wsgi db upgrade."),
        ("DROP TABLE setting_change", "add table: setting_change"),
        ("ALTER TABLE setting DROP COLUMN changed_by", "add column: setting setting.changed_by"),
        ("ALTER TABLE setting ALTER changed_by DROP NOT NULL", "modify nullable: setting changed_by"),
        ("DROP INDEX ix_setting_change_key_generation", "add index: setting_change.ix_setting_change_key_generation"),
        ("ALTER TABLE health_state DROP CONSTRAINT ck_health_state_kind", "lacks the constraint ck_health_state_kind"),
        (
            "ALTER TABLE setting ADD CONSTRAINT late CHECK (key <> '') NOT VALID",
            "the constraint setting.late was never validated",
        ),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_setting_change_key_generation'::regclass",
            "REINDEX INDEX CONCURRENTLY ix_setting_change_key_generation",
        ),
        ("DROP TRIGGER touch ON setting", "table setting lacks the trigger touch"),
        (
            "ALTER TABLE setting_change DISABLE TRIGGER append_only",
            "the trigger append_only of table setting_change is switched off",
        ),
        ("COMMENT ON COLUMN setting.value IS NULL", "the column setting.value does not say its class"),
        ("REVOKE UPDATE ON setting FROM heedful_app", "this role may not UPDATE on setting"),
        ("GRANT DELETE ON audit_entry TO heedful_app", "this role may DELETE on audit_entry"),
    ],
)
def test_what_somebody_changed_by_hand_is_named_with_what_to_do(own_app, own_database, deed, said):
    break_as_owner(own_database, deed)
    code, output = run(own_app, "database", "verify")
    assert code == 1
    assert said in output
    assert "Problems found: " in output


def test_every_trigger_of_a_fresh_database_is_expected_and_every_expected_one_is_there(session):
    rows = session.execute(text("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"))
    assert {tuple(row) for row in rows} == expected_triggers()
    assert TRIGGERS


@pytest.mark.parametrize("words", [("database", "verify"), ("health",)])
def test_a_database_that_is_away_is_a_sentence_and_exit_code_two(own_app, own_database, words):
    run_as_superuser(f"ALTER DATABASE {own_database.name} ALLOW_CONNECTIONS false")
    code, said = run(own_app, *words)
    assert (code, said.startswith("PostgreSQL does not answer. Start it")) == (2, True)
    code, said = run(own_app, *words, "--json")
    assert (code, json.loads(said)["could_not_run"].split(".")[0]) == (2, "PostgreSQL does not answer")


def test_health_names_what_is_broken_and_what_to_do(isolation):
    code, said = run(isolation, "health")
    assert code == 1
    assert "error    Workers: missing, none alive\n         make run starts it" in said
    assert "ok       Database: working" in said


def test_health_answers_programs(isolation, lock):
    code, said = run(isolation, "health", "--json")
    states = {part["part"]: part["kind"] for part in json.loads(said)}
    assert (code, states["database"], states["workers"]) == (1, "ok", "error")


def test_config_check_live_asks_every_configured_server(isolation):
    code, said = run(isolation, "config", "check", "--live")
    assert code == 0, said
    for line in ("PostgreSQL answers: answered in", "PostgreSQL answers the owner", "Redis answers"):
        assert line in said.replace("Redis: answered", "Redis answers: answered")
    assert "over a socket of this machine" in said
    assert "off       The provider of email answers: not configured" in said


def test_a_relay_that_is_not_there_is_an_error_of_config_check(session, lock, free_port):
    lock("smtp", chosen_host="127.0.0.1", chosen_port=free_port, auth=SmtpAuth.NONE, from_email="a@tidewell.example")
    line = channel_line(Channel.EMAIL, current())
    assert (line.state, line.problems[0].variable) == ("error", "Email (SMTP)")
    assert "SMTP_PORT" in str(line.problems[0])
    assert len(PROBES) == 6


def test_config_check_asks_nobody_unless_it_is_told_to(isolation):
    assert "PostgreSQL answers" not in run(isolation, "config", "check")[1]


def test_config_check_live_without_usable_settings_says_that_nothing_was_asked(isolation, monkeypatch):
    monkeypatch.setenv("PORT", "many")
    code, said = run(isolation, "config", "check", "--live")
    assert code == 1
    assert "not asked, since the settings above cannot be used yet" in said


def test_one_role_alone_has_no_line_for_the_owner(session, lock):
    lock("database", owner_url=Secret(""))
    assert owner_line(current()).state == "off"


def test_no_redis_is_not_asked(session, lock):
    lock("redis", url=Secret(""))
    assert redis_line(current()).state == "off"


def test_a_redis_that_is_not_there_is_an_error(session, lock, free_port):
    lock("redis", url=Secret(f"redis://127.0.0.1:{free_port}/0"))
    assert redis_line(current()).state == "error"
