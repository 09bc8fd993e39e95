"""What the portal says to search engines, and to whoever found a security hole."""

import pytest
from portal.web import pages


@pytest.fixture
def contact(site, monkeypatch):
    def set_contact(text):
        shell = site.extensions["heedful_shell"]
        facts = {name: getattr(shell, name) for name in shell.__slots__}
        monkeypatch.setitem(site.extensions, "heedful_shell", pages.Shell(**facts | {"security_contact": lambda: text}))

    return set_contact


def test_search_engines_are_asked_to_stay_away(visitor):
    answer = visitor.get("/robots.txt")
    assert (answer.text, answer.mimetype) == ("User-agent: *\nDisallow: /\n", "text/plain")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("security@tidewell.example", "mailto:security@tidewell.example"),
        ("https://tidewell.example/security", "https://tidewell.example/security"),
    ],
)
def test_the_security_contact_is_told_in_the_usual_place(visitor, contact, text, address):
    contact(text)
    lines = visitor.get("/.well-known/security.txt").text.splitlines()
    assert lines[0] == f"Contact: {address}"
    assert lines[1].startswith("Expires: 20")
    assert lines[2].startswith("Canonical: http")


def test_without_a_contact_there_is_no_such_file(visitor, contact):
    contact("")
    assert visitor.get("/.well-known/security.txt").status_code == 404
