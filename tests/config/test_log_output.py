"""The log pipeline: forms, streams, levels, and what must never come out of it."""

import json
import logging
import stat

import pytest
import structlog
from portal.config.log_output import configure_logging

from tests.config.samples import KEY, SMTP, TWILIO, WHATSAPP, load


@pytest.fixture(autouse=True)
def as_before():
    """Leaves the loggers of the process as they were."""
    names = ["", "auth", "webhooks", "quiet", "gunicorn.error", "werkzeug"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, list(logger.handlers), logger.propagate) for logger in loggers]
    yield
    for logger, level, handlers, propagate in before:
        for handler in set(logger.handlers) - set(handlers):
            handler.close()
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.propagate = propagate
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_start_says_which_mode_each_channel_is_in(capsys):
    configure_logging(load(**SMTP, SMS_MODE="simulation"), "worker")
    started, *warnings = lines(capsys)
    assert started["event"] == "process.started"
    assert started["process"] == "worker"
    assert (started["email"], started["sms"], started["whatsapp"]) == ("live", "simulation", "disabled")
    assert {line["event"] for line in warnings} == {"config.warning"}
    assert "REDIS_URL" in {line["variable"] for line in warnings}


def test_a_command_logs_to_standard_error_and_announces_nothing(capsys):
    configure_logging(load(), "command")
    structlog.get_logger("area").info("thing.done")
    said = capsys.readouterr()
    assert said.out == ""
    assert [json.loads(line)["event"] for line in said.err.splitlines()] == ["thing.done"]


def test_every_line_carries_the_bound_ids_and_its_area(capsys):
    configure_logging(load(), "web")
    capsys.readouterr()
    structlog.contextvars.bind_contextvars(request_id="r-1", job_id="j-1")
    structlog.get_logger("web.pages").info("page.shown", count=3)
    logging.getLogger("some.library").warning("said %s", "this")
    own, foreign = lines(capsys)
    assert own.items() >= {"area": "web.pages", "event": "page.shown", "count": 3, "stream": "app"}.items()
    assert foreign.items() >= {"area": "some.library", "event": "said this", "level": "warning"}.items()
    assert {(line["request_id"], line["job_id"], line["process"]) for line in (own, foreign)} == {("r-1", "j-1", "web")}


def test_no_secret_and_no_personal_data_comes_out(capsys):
    config = load(**SMTP, **TWILIO, **WHATSAPP)
    for form in ("json", "console", "verbose"):
        configure_logging(
            config.model_copy(update={"logging": config.logging.model_copy(update={"format": form})}), "web"
        )
        leak_everything(config)
    said = capsys.readouterr()
    for private in (KEY, KEY.removeprefix("base64:"), "canary", "Ann", "@tidewell", "+1415", "0123456789abcdef01"):
        assert private not in said.out + said.err, private


def leak_everything(config):
    log = structlog.get_logger("leaky")
    for name, secret in config.secrets():
        log.info(secret.reveal(), **{name.lower(): secret.reveal()}, value=secret, deep=[{"x": secret.reveal()}])
        logging.getLogger("library").error("failed with %s", secret.reveal())
    log.info("sent", to="ann@tidewell.example", phone="+14155550123", sid=config.twilio.account_sid)
    logging.getLogger("library").info("GET /u?name=Ann&to=ann@tidewell.example")


def test_an_error_is_told_by_its_type_and_places_only(capsys):
    configure_logging(load(), "web")
    capsys.readouterr()
    fail("Ann Smith")
    own, foreign = lines(capsys)
    for line in (own, foreign):
        assert line["error"] == "tests.config.test_log_output.Unlucky"
        assert line["caused_by"] == ["ZeroDivisionError"]
        assert line["trace"][0].endswith(" fail")
        assert "Ann" not in json.dumps(line)


class Unlucky(Exception):
    """An error that says too much."""


def fail(text):
    try:
        try:
            _ = 1 / 0
        except ZeroDivisionError as cause:
            raise Unlucky(text) from cause
    except Unlucky as error:
        structlog.get_logger("a").error("thing.failed", exc_info=error)
        logging.getLogger("b").exception("library failed", stack_info=True)


def test_the_verbose_form_tells_more_and_still_redacts(capsys):
    configure_logging(load(LOG_FORMAT="verbose"), "web")
    capsys.readouterr()
    fail("no room for ann@tidewell.example\nforged")
    told = capsys.readouterr().out.splitlines()
    assert 'error_text="no room for <email>\\\\x0aforged"' in told[0]
    assert told[1].startswith("    | ")
    assert "forged" not in "".join(line for line in told if not line.startswith("20"))


def test_the_console_form_is_one_short_line(capsys):
    configure_logging(load(LOG_FORMAT="console"), "web")
    capsys.readouterr()
    structlog.get_logger("web").info("page.shown", title="a\nb 'c'", none=[])
    structlog.get_logger("web").info("bare")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("info     web: page.shown title=\"a\\\\x0ab 'c'\"")
    assert second.endswith("info     web: bare")


def test_exc_info_without_an_error_says_nothing_of_errors(capsys):
    configure_logging(load(), "web")
    capsys.readouterr()
    structlog.get_logger("a").info("calm", exc_info=True)
    structlog.get_logger("a").info("calm", exc_info=(None, None, None))
    assert ["error" in line for line in lines(capsys)] == [False, False]


def test_a_circle_of_causes_ends(capsys):
    configure_logging(load(), "web")
    capsys.readouterr()
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    structlog.get_logger("a").error("thing.failed", exc_info=one)
    assert lines(capsys)[0]["caused_by"] == ["KeyError", "ValueError"]


def test_levels_are_chosen_per_area(capsys):
    configure_logging(load(LOG_LEVEL="warning", LOG_LEVELS="loud=DEBUG quiet=error"), "web")
    capsys.readouterr()
    for area in ("loud.part", "quiet", "other"):
        for level in ("debug", "info", "warning", "error"):
            getattr(structlog.get_logger(area), level)("x")
    told = [(line["area"], line["level"]) for line in lines(capsys)]
    assert [level for area, level in told if area == "loud.part"] == ["debug", "info", "warning", "error"]
    assert [level for area, level in told if area != "loud.part"] == ["error", "warning", "error"]
    logging.getLogger("loud").setLevel(logging.NOTSET)


def test_each_stream_has_its_own_private_file(tmp_path, capsys):
    files = {"LOG_FILE": "app.log", "AUTH_LOG_FILE": "deep/auth.log", "WEBHOOK_LOG_FILE": "webhooks.log"}
    configure_logging(load(**{name: str(tmp_path / file) for name, file in files.items()}), "command")
    for area in ("auth.sign_in", "webhooks", "web.pages"):
        structlog.get_logger(area).info(f"{area}.event", reason="because")
    found = {file: [json.loads(line) for line in (tmp_path / file).read_text().splitlines()] for file in files.values()}
    assert [[line["event"] for line in told] for told in found.values()] == [
        ["web.pages.event"],
        ["auth.sign_in.event"],
        ["webhooks.event"],
    ]
    assert found["deep/auth.log"][0]["stream"] == "auth"
    assert {stat.S_IMODE((tmp_path / file).stat().st_mode) for file in files.values()} == {0o600}
    assert capsys.readouterr().out == ""


def test_streams_without_a_file_go_to_standard_output_with_their_name(capsys):
    configure_logging(load(), "web")
    capsys.readouterr()
    structlog.get_logger("auth").warning("sign_in.refused", reason="wrong_code")
    assert lines(capsys)[0]["stream"] == "auth"


def test_an_unwritable_file_is_told_and_its_lines_go_to_standard_output(tmp_path, capsys):
    (tmp_path / "taken").touch()
    configure_logging(load(AUTH_LOG_FILE=str(tmp_path / "taken/auth.log")), "web")
    structlog.get_logger("auth").info("sign_in.done")
    told = lines(capsys)
    assert "cannot be written" in told[0]["explanation"]
    assert "its lines go to standard output" in told[0]["explanation"]
    assert told[-1]["event"] == "sign_in.done"


def test_handlers_of_libraries_do_not_pass_by_the_redaction(capsys):
    past = logging.StreamHandler()
    logging.getLogger("gunicorn.error").addHandler(past)
    logging.getLogger("gunicorn.error").propagate = False
    configure_logging(load(), "web")
    capsys.readouterr()
    logging.getLogger("gunicorn.error").error("Error handling request /u?to=ann@tidewell.example")
    assert lines(capsys)[0]["event"] == "Error handling request /u?<query>"


def test_configuring_again_does_not_double_the_lines(tmp_path, capsys):
    for _ in range(2):
        configure_logging(load(AUTH_LOG_FILE=str(tmp_path / "auth.log")), "command")
    structlog.get_logger("auth").info("once")
    structlog.get_logger("web").info("once")
    assert len((tmp_path / "auth.log").read_text().splitlines()) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("levels", ["web", "web=", "=DEBUG"])
def test_levels_that_cannot_be_read_are_refused(levels):
    with pytest.raises(Exception, match="LOG_LEVELS is not a list of area=LEVEL"):
        load(LOG_LEVELS=levels)
