"""The languages of the pages: each complete, each one file, chosen in a fixed order."""

import re
import tomllib
from datetime import UTC, datetime

import pytest
from markupsafe import Markup
from portal.clients.rules import LANGUAGES
from portal.preferences.rules import languages as module
from portal.preferences.rules.languages import FOLDER, language_for, languages, texts_of
from portal.preferences.rules.tongues import OWN_NAMES

FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")}
GAP = re.compile(r"\{\w+\}|\{\{ \w+ \}\}")


@pytest.mark.parametrize("code", sorted(FILES))
def test_every_language_has_the_same_texts_none_is_empty_and_the_gaps_are_the_same(code):
    own, english = texts_of(FILES[code]), texts_of(FILES["en"])
    assert set(own) == set(english)
    assert [key for key, text in own.items() if not text.strip()] == []
    odd = {key for key in own if sorted(set(GAP.findall(own[key]))) != sorted(set(GAP.findall(english[key])))}
    assert odd == set()
    assert (len(FILES[code]["months"]), bool(FILES[code]["name"])) == (12, True)


def test_english_and_german_are_there_english_first():
    assert next(iter(languages())) == "en"
    assert {"en", "de"} <= set(languages())


def test_another_language_is_one_file_and_says_in_english_what_it_leaves_out(tmp_path, monkeypatch):
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pt.toml").write_text('name = "Português"\n[centre]\nsave = "Guardar"\n', encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    languages.cache_clear()
    try:
        found = languages()["pt"]
        assert (found.name, found.say("centre.save"), found.say("stop.button")) == (
            "Português",
            "Guardar",
            "Stop everything",
        )
        assert found.months[0] == "January"
    finally:
        languages.cache_clear()


@pytest.mark.parametrize(
    ("codes", "chosen"),
    [
        (("de", "en"), "de"),
        ((None, "de", "en"), "de"),
        (("xx", "pt", "de"), "de"),
        ((None, "und"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_there_is_is_spoken(codes, chosen):
    assert language_for(*codes).code == chosen


def test_values_are_escaped_and_moments_and_lists_read_as_people_say_them():
    english, german = languages()["en"], languages()["de"]
    assert "&lt;b&gt;" in english.say("unsubscribe.heading", topic="<b>")
    assert "<b>x</b>" in english.say("unsubscribe.heading", topic=Markup("<b>x</b>"))
    at = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
    assert english.moment(at, "Europe/Berlin") == "22 November 2026 at 10:42"
    assert german.moment(at, "Europe/Berlin") == "22. November 2026 um 10:42 Uhr"
    assert [english.listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert german.listed(["<", "b"]) == "&lt; und b"


def test_every_language_of_a_client_is_called_by_its_own_name():
    assert set(OWN_NAMES) == set(LANGUAGES)
    assert all(OWN_NAMES[code] == one.name for code, one in languages().items())
