"""What the browser is given: vendored files as recorded, sizes kept, colours that can be read."""

import base64
import hashlib
import json
import re

import pytest

from tests.structure.sources import ROOT

CSS = ROOT / "static" / "css" / "app.css"
SCRIPT = ROOT / "static" / "js" / "app.js"
PAIRS = [
    ("text", "bg", 4.5),
    ("text", "surface", 4.5),
    ("muted", "bg", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "surface-2", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "accent-soft", 4.5),
    ("accent-ink", "accent", 4.5),
    ("ok", "ok-soft", 4.5),
    ("warn", "warn-soft", 4.5),
    ("bad", "bad-soft", 4.5),
    ("info", "info-soft", 4.5),
    ("line-strong", "surface", 3),
    ("focus", "bg", 3),
]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_vendored_files_are_the_recorded_ones(folder):
    recorded = json.loads((ROOT / folder / "vendor.lock").read_text())
    present = {path.name for path in (ROOT / folder).iterdir()} - {"vendor.lock"}
    assert present == {entry["file"] for entry in recorded}
    for entry in recorded:
        digest = hashlib.sha384((ROOT / folder / entry["file"]).read_bytes()).digest()
        assert base64.b64encode(digest).decode() == entry["sha384"]
        assert {"name", "version", "source", "licence"} <= set(entry)


def test_the_style_sheet_stays_small_and_in_its_layers():
    text = CSS.read_text()
    assert len(text.encode()) <= 32_000
    assert "@layer tokens,base,layout,components,utilities;" in text
    assert "url(" not in text
    assert "!important" not in text


def test_the_script_stays_small_and_keeps_nothing():
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 150
    for word in ("localStorage", "sessionStorage", "innerHTML", "eval(", "document.cookie", "insertAdjacentHTML"):
        assert word not in text


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(letter * 2 for letter in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(theme, ink, ground, least):
    pattern = r"--([a-z0-9-]+):light-dark\(#(\w+),#(\w+)\)"
    tokens = {name: pair for name, *pair in re.findall(pattern, CSS.read_text())}
    lighter, darker = sorted((luminance(tokens[name][theme]) for name in (ink, ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least
