"""What each language calls itself: whoever reads a page in another language finds their own by its own name."""

from collections.abc import Mapping
from types import MappingProxyType

OWN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "bg": "Български",
        "cs": "Čeština",
        "da": "Dansk",
        "de": "Deutsch",
        "el": "Ελληνικά",
        "en": "English",
        "es": "Español",
        "et": "Eesti",
        "fi": "Suomi",
        "fr": "Français",
        "ga": "Gaeilge",
        "hr": "Hrvatski",
        "hu": "Magyar",
        "is": "Íslenska",
        "it": "Italiano",
        "lt": "Lietuvių",
        "lv": "Latviešu",
        "mt": "Malti",
        "nb": "Norsk",
        "nl": "Nederlands",
        "pl": "Polski",
        "pt": "Português",
        "ro": "Română",
        "sk": "Slovenčina",
        "sl": "Slovenščina",
        "sv": "Svenska",
        "tr": "Türkçe",
        "uk": "Українська",
    }
)
