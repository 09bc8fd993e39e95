"""Sizes that the house style refuses, names it bans, and docstrings it asks for."""

import ast
import re

from tests.structure.sources import (
    PORTAL,
    ROOT,
    functions,
    layer,
    length,
    modules,
    named,
    public_functions,
    tree,
)

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
BANNED_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}
PROMISING_LAYERS = {"operations", "queries", "rules", "channels", "crypto", "personal_data", "queue", "db"}


def test_no_file_is_longer_than_300_lines():
    long = {named(path): n for path in modules() if (n := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_40_lines():
    long = {
        f"{named(path)}:{node.lineno} {node.name}": length(node)
        for path in modules()
        for node in functions(path)
        if length(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_view_is_longer_than_25_lines():
    long = {
        f"{named(path)}:{node.lineno} {node.name}": length(node)
        for path in modules()
        if layer(path) == "views"
        for node in functions(path)
        if length(node) > LONGEST_VIEW
    }
    assert long == {}


def test_every_module_says_in_its_docstring_what_lives_there():
    silent = [named(path) for path in modules() if not ast.get_docstring(tree(path))]
    assert silent == []


def test_public_functions_that_others_rely_on_say_what_they_promise():
    silent = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in modules()
        if layer(path) in PROMISING_LAYERS or path.parent.name in PROMISING_LAYERS
        for node in public_functions(path)
        if not ast.get_docstring(node) and not is_overload(node)
    ]
    assert silent == []


def is_overload(node) -> bool:
    return any(getattr(decorator, "id", "") == "overload" for decorator in node.decorator_list)


def test_no_module_has_a_name_that_says_nothing():
    vague = [named(path) for path in modules() if path.stem in BANNED_NAMES and path.parent.name != "channels"]
    assert vague == []


def test_broad_except_clauses_give_their_reason():
    silent = []
    for path in modules():
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if (
                re.search(r"except (Base)?Exception\b|except:", line)
                and "noqa: BLE001 - " not in line
                and "raise" not in line
            ):
                following = path.read_text().splitlines()[number : number + 4]
                if not any(re.match(r"\s+raise\b", text) for text in following):
                    silent.append(f"{named(path)}:{number}")
    assert silent == []


def test_coverage_exclusions_give_their_reason():
    silent = [
        f"{named(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"pragma: no (cover|branch)\s*$", line)
    ]
    assert silent == []


def test_unfinished_work_is_not_left_in_the_source():
    markers = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        named(path)
        for folder in (PORTAL, ROOT / "templates", ROOT / "tests", ROOT / "migrations")
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".html"} and path.name != "test_budgets.py" and markers.search(path.read_text())
    ]
    assert found == []
