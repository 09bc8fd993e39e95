"""Languages and countries that can be chosen for a client, and what stands there when nobody knows."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

UNKNOWN_LANGUAGE = "und"
UNKNOWN_ZONE = "UTC"

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "bg": "Bulgarian",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "et": "Estonian",
        "fi": "Finnish",
        "fr": "French",
        "ga": "Irish",
        "hr": "Croatian",
        "hu": "Hungarian",
        "is": "Icelandic",
        "it": "Italian",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "mt": "Maltese",
        "nb": "Norwegian",
        "nl": "Dutch",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "sk": "Slovak",
        "sl": "Slovenian",
        "sv": "Swedish",
        "tr": "Turkish",
        "uk": "Ukrainian",
    }
)


@cache
def countries() -> Mapping[str, str]:
    """Two-letter codes and English names of every country, by name; they come with the time zones."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return MappingProxyType(dict(sorted(((code, name) for code, name in pairs), key=lambda pair: pair[1])))
