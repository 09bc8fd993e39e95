"""Every setting is read by something, or its page says that it is not in use yet."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest
from portal.settings import rules
from portal.settings.rules import SETTINGS
from portal.settings.rules.setting import Setting
from portal.settings.rules.unused import UNUSED

from tests.structure.sources import modules

SOURCES = [path.read_text(encoding="utf-8") for path in modules() if "settings/rules" not in path.as_posix()]


def names() -> dict[str, tuple[str, str]]:
    """By key: the module and the name under which a setting is declared."""
    found = {}
    for module in iter_modules(rules.__path__):
        for name, value in vars(import_module(f"portal.settings.rules.{module.name}")).items():
            if isinstance(value, Setting):
                found.setdefault(value.key, (module.name, name))
    return found


def is_read(module: str, name: str) -> bool:
    """Whether some file reads it by its name, imported or behind the name of its module."""
    by_name = re.compile(rf"from portal\.settings\.rules\.{module} import (\([^)]*|.*)\b{name}\b")
    by_module = re.compile(rf"\b{module}\.{name}\b")
    return any(by_name.search(text) or by_module.search(text) for text in SOURCES)


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_a_setting_is_read_or_said_to_be_unused(key):
    assert is_read(*names()[key]) is (key not in UNUSED)


def test_every_unused_setting_is_one():
    assert SETTINGS.keys() >= UNUSED
