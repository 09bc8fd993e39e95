"""Languages and countries that can be chosen for a client, and what stands there when nobody knows."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.settings.rules.countries import countries

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

__all__ = ["LANGUAGES", "UNKNOWN_LANGUAGE", "UNKNOWN_ZONE", "countries"]
