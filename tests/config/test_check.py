"""The report of config check, and its commands as a process runs them."""

import json
import os
import subprocess
import sys

import pytest
from portal.config.check import Line, State, report
from portal.config.values import ROOT

from tests.config.samples import LEAST, SMTP, TWILIO, WHATSAPP

CANARIES = {**SMTP, **TWILIO, **WHATSAPP}


def line(found, name):
    return next(line for line in found.lines if line.name == name)


def flask(*command, **environ):
    inherited = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "HOME", "COV"))}
    given = {**inherited, "HEEDFUL_ENV_FILE": "/nonexistent/.env", "FLASK_SKIP_DOTENV": "1", **environ}
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
    return subprocess.run(argv, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_a_line_per_group_tells_what_each_does():
    found = report({**LEAST, **SMTP, "HEEDFUL_DEMO": "1"}, None)
    assert found.exit_code == 0
    assert [line.name for line in found.lines][:4] == ["files", "general", "database", "redis"]
    assert line(found, "smtp").summary.startswith("live: messages are really sent; starttls on port 587")
    assert line(found, "twilio") == Line("twilio", "SMS (Twilio)", State.OFF, "not configured; simulation: "
                                         "nothing leaves; messages are kept to look at")  # fmt: skip
    assert line(found, "security").state == "ok"


def test_what_is_wrong_stands_under_its_group_with_the_remedy():
    found = report({**LEAST, "SMTP_HOST": "h", "RETRY_MAX_RETRIES": "x", "TLS_VERIFY": "no"}, None)
    assert found.exit_code == 1
    assert line(found, "retry").summary == "cannot be read"
    assert line(found, "smtp").state == line(found, "retry").state == "error"
    assert line(found, "smtp").summary.startswith("mode undecided")
    assert line(found, "security").state == "warning"
    text = found.as_text()
    assert "error: SMTP_USERNAME is required to sign in to the relay. Set it, or set SMTP_AUTH=none" in text
    assert "The configuration cannot be used. Errors: 4, warnings: 4." in text
    assert text.endswith("Not ready for production because of: the errors above.")


@pytest.mark.parametrize(("mode", "state"), [(0o600, "ok"), (0o640, "warning"), (0o604, "warning")])
def test_the_file_that_was_read_is_named_and_others_must_not_read_it(tmp_path, mode, state):
    file = tmp_path / ".env"
    file.touch()
    file.chmod(mode)
    files = line(report(LEAST, file), "files")
    assert files.summary == f"read {file} and the environment"
    assert files.state == state
    assert [str(problem).endswith(f"Run: chmod 600 {file}") for problem in files.problems] in ([], [True])


def test_a_file_that_cannot_be_read_means_that_the_check_could_not_run(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff")
    assert report(LEAST, tmp_path / ".env").exit_code == 2


def test_ready_for_production_means_no_gap():
    ready = {
        **LEAST,
        **SMTP,
        "ORGANISATION_NAME": "Tidewell",
        "PUBLIC_BASE_URL": "https://portal.tidewell.example",
        "SECURITY_CONTACT": "security@tidewell.example",
        "DATABASE_OWNER_URL": "postgresql://heedful_owner@/heedful?host=/tmp/none",
        "REDIS_URL": "unix:///run/redis.sock",
    }
    assert report(ready, None).as_text().endswith("Ready for production.")
    assert report({**LEAST, "HEEDFUL_DEMO": "1"}, None).gaps() == [
        "the demo company (HEEDFUL_DEMO)",
        "PUBLIC_BASE_URL, which does not begin with https://",
        "the warnings above",
        "no channel that is live",
    ]


def test_probes_add_a_line_each_once_the_settings_can_be_used():
    def probe(config):
        return Line("live.x", "X", State.ERROR, f"port {config.general.port} does not answer")

    assert report(LEAST, None).probed((probe,)).lines[-1].summary == "port 8000 does not answer"
    assert report(LEAST, None).probed((probe,)).exit_code == 1
    assert report({}, None).probed((probe,)).lines[-1].state == "off"


def test_no_report_shows_a_secret():
    for broken in ({}, {"PORT": "x"}, {"DATABASE_URL": "mysql://u:db-canary-1@h/x"}):
        found = report({**LEAST, **CANARIES, **broken}, None)
        written = found.as_text() + json.dumps(found.as_data()) + repr(found)
        assert "canary" not in written
        assert LEAST["DB_ENCRYPTION_KEY"] not in written


def test_the_command_answers_for_people_and_for_programs():
    told = flask("config", "check", **LEAST, **SMTP)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Email (SMTP): live" in told.stdout
    data = json.loads(flask("config", "check", "--json", **LEAST).stdout)
    assert data["exit_code"] == 0
    assert {"name": "retry", "state": "ok"}.items() <= data["groups"][9].items()


def test_the_command_works_while_the_settings_cannot_be_used():
    told = flask("config", "check", "--live", SMTP_PORT="smtp-canary")
    assert told.returncode == 1
    assert "SMTP_PORT is not a whole number" in told.stdout
    assert "Live probes: not asked" in told.stdout
    assert "canary" not in told.stdout + told.stderr


@pytest.mark.parametrize("command", [("staff", "create"), ("db", "upgrade")])
def test_other_commands_say_what_is_wrong_with_the_settings(command):
    told = flask(*command)
    assert told.returncode == 2
    assert "DB_ENCRYPTION_KEY is required. Make one with `flask --app wsgi keys generate`." in told.stderr
    assert "Traceback" not in told.stderr


def test_keys_generate_prints_a_key_and_where_to_put_it():
    told = flask("keys", "generate")
    assert told.returncode == 0
    assert report({**LEAST, "DB_ENCRYPTION_KEY": told.stdout.strip()}, None).exit_code == 0
    assert "DB_ENCRYPTION_KEY_PREVIOUS" in told.stderr
