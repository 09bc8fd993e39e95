import pytest
from flask import Flask
from portal.db import db
from portal.web import access
from portal.web.errors import join_words
from structlog.testing import capture_logs

WORDS = {
    400: "We could not read that request",
    401: "Please sign in",
    403: "You need another role",
    404: "There is no such page",
    405: "This address does not take that",
    409: "Somebody else changed this meanwhile",
    413: "That is too large",
    418: "We could not read that request",
    422: "Something in the form needs another look",
    429: "That was too often",
    500: "Something went wrong on our side",
    501: "Something went wrong on our side",
    503: "This is not available just now",
}


@pytest.mark.parametrize("status", WORDS)
@pytest.mark.parametrize("who", ["admin", "nobody"])
def test_every_error_says_what_happened_and_gives_a_reference(person, status, who):
    answer = person(who).get(f"/fail/{status}")
    assert answer.status_code == status
    assert WORDS[status] in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_page_that_is_not_there_keeps_the_shell_for_who_is_signed_in(person, visitor):
    assert 'class="shell"' in person("admin").get("/nope").text
    assert 'class="shell"' not in visitor.get("/nope").text


def test_a_wrong_method_names_the_right_ones(visitor, token):
    answer = visitor.delete("/gallery", headers={"X-CSRFToken": token(visitor)})
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_an_error_of_our_own_speaks_its_own_words(person):
    text = person("admin").get("/fail/ours").text
    assert "Tom Berg saved this first" in text
    assert "Reload the page." in text


def test_an_error_in_a_fragment_goes_to_the_region_for_problems(person, partial):
    answer = person("admin").get("/fail/409", headers=partial)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#problems"
    assert answer.headers["HX-Reswap"] == "innerHTML show:top"
    assert "<section" not in answer.text


def test_a_crash_shows_no_trace_and_logs_places_but_no_values(person):
    client = person("admin")
    with capture_logs() as logs:
        answer = client.get("/fail/crash")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "maria@tidewell.example" not in answer.text + str(logs)
    assert logs[0]["error"] == "RuntimeError"
    assert logs[0]["where"][-1].endswith(" fail")


def test_a_crash_can_be_tried_again_when_nothing_was_sent(person):
    assert 'href="/fail/crash?a=1"' in person("admin").get("/fail/crash?a=1").text


def test_a_database_that_is_away_is_said_in_a_sentence(person):
    client = person("admin")
    with capture_logs() as logs:
        answer = client.get("/fail/database")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
    assert answer.headers["Retry-After"] == "10"
    assert "secret" not in answer.text + str(logs)


def test_the_process_lives_on_after_the_database_was_away(person):
    person("admin").get("/fail/database")
    assert person("admin").get("/private").status_code == 200


def test_a_broken_shell_does_not_take_the_error_page_with_it(site: Flask, person, monkeypatch):
    monkeypatch.setitem(site.jinja_env.globals, "banners", lambda: 1 / 0)
    answer = person("admin").get("/nope")
    assert answer.status_code == 404
    assert 'class="public"' in answer.text


def test_nothing_to_roll_back_is_no_second_failure(site: Flask, person, monkeypatch):
    monkeypatch.setattr(db.session, "rollback", lambda: 1 / 0)
    assert person("admin").get("/fail/crash").status_code == 500


def test_without_known_roles_the_refusal_still_says_what_to_do(site: Flask, person, monkeypatch):
    monkeypatch.setitem(site.extensions, "heedful_holder_source", None)
    text = person("marketer").get("/private").text
    assert "You need another role" in text
    assert "Ask an administrator for the role." in text


def test_refusals_and_faults_go_to_the_stream_of_sign_ins(person):
    client = person("admin")
    with capture_logs() as logs:
        for status in (403, 404, 409, 429, 503):
            client.get(f"/fail/{status}")
    assert [line["status"] for line in logs if line["event"] == "request.answered"] == [403, 429, 503]


def test_words_are_joined_as_a_sentence_has_them():
    assert [join_words(list(words), "and") for words in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]


def test_outside_a_request_the_system_acts():
    assert access.current_actor().label == "System"
