"""Where something was said: what is kept of the page, the form and the program."""

import pytest
from portal.consent.rules.origin import kind_of_program, name_of, page_of

PAGES = [
    ("https://tidewell.example/join?mail=a@b.example#top", "https://tidewell.example/join"),
    ("https://ana:secret@tidewell.example:8443/join", "https://tidewell.example:8443/join"),
    ("http://tidewell.example", "http://tidewell.example"),
    ("https://tidewell.example/of/maria@rivertown.example", "https://tidewell.example/[address]"),
    ("javascript:alert(1)", None),
    ("https:///join", None),
    ("https://[::1", None),
    ("", None),
]
PROGRAMS = [
    ("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "browser on a computer"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile/15E148", "browser on a phone"),
    ("Mozilla/5.0 (compatible; bingbot/2.0)", "program"),
    ("Mozilla/5.0 Thunderbird/140.0", "mail program"),
    ("Teleprinter", "another program"),
    ("  ", None),
]


@pytest.mark.parametrize(("url", "kept"), PAGES)
def test_of_a_page_nothing_is_kept_that_may_name_the_person(url, kept):
    assert page_of(url) == kept


@pytest.mark.parametrize(("program", "kind"), PROGRAMS)
def test_of_a_program_only_the_kind_is_kept(program, kind):
    assert kind_of_program(program) == kind


def test_a_name_loses_addresses_and_its_end():
    assert name_of(" Fair list of maria@rivertown.example ") == "Fair list of [address]"
    assert name_of("x" * 300) == "x" * 200
    assert name_of(" ") is None
