"""Every template, read as text: what the strict CSP and the house style forbid does not come in."""

import re
from pathlib import Path

import pytest

from tests.structure.sources import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline script": r"<script(?![^>]*\bsrc=)",
    "inline style": r"<style|\sstyle=",
    "event handler": r"\son[a-z]+=|hx-on",
    "script value": r"(?:\"|')\s*js:|javascript:",
    "trigger filter": r"hx-trigger=\"[^\"]*\[",
    "boost": r"hx-boost",
    "implicit inheritance": r":inherited",
    "disabled attribute": r"\sdisabled(?=[\s>=])",
    "htmx disabling the pressed button": r"hx-disable",
    "address of another site": r"(?:src|href|action)=\"(?:https?:)?//",
}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_holds_what_is_forbidden(rule):
    found = [str(path.relative_to(ROOT)) for path in TEMPLATES if re.search(FORBIDDEN[rule], text_of(path))]
    assert found == []


def test_nothing_is_marked_safe_but_the_drawings_of_the_icons():
    found = [path.name for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape false", text_of(path))]
    assert found == ["icon.html"]


def test_every_form_that_posts_carries_the_token():
    for path in TEMPLATES:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text_of(path), re.DOTALL):
            if "url_for('preferences." in form:
                continue  # the link in the address is the proof (RFC 8058); these pages set no cookie
            assert re.search(r"ui\.csrf\(\)|hidden_tag\(\)|csrf_token", form), f"{path}: {form[:80]}"


def test_every_page_stands_in_a_layout_and_every_part_is_named_as_one():
    outside = ("components", "layouts", "mail")
    pages = [path for path in TEMPLATES if path.parent.name not in outside and not path.name.startswith("_")]
    assert [str(path) for path in pages if '{% extends "' not in text_of(path)] == []
    parts = [path for path in TEMPLATES if path.name.startswith("_")]
    assert [str(path) for path in parts if "{% extends" in text_of(path)] == []


def test_every_template_compiles(app):
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
