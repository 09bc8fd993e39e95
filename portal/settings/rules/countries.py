"""The countries that can be chosen, by their names; they come with the time zones."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def countries() -> Mapping[str, str]:
    """Two-letter codes and English names of every country, by name."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return MappingProxyType(dict(sorted(((code, name) for code, name in pairs), key=lambda pair: pair[1])))
