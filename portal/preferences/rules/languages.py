"""The languages of the pages for clients: each is one file of texts in `languages/`, found by itself."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

FOLDER = Path(__file__).with_name("languages")
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code, what it calls itself, and its texts by `area.name`."""

    code: str
    name: str
    months: tuple[str, ...]
    texts: Mapping[str, str]

    def say(self, key: str, **values: object) -> Markup:
        """A text for a page, with its gaps filled. Values are escaped unless they are markup already."""
        return escape(self.texts[key]).format(**values)

    def moment(self, value: datetime, zone: str) -> str:
        """A point in time by the clock of that zone."""
        local = value.astimezone(ZoneInfo(zone))
        return str(self.say("page.moment", **self._date(local), time=f"{local:%H:%M}"))

    def day(self, value: datetime, zone: str) -> str:
        """A day by the calendar of that zone."""
        return str(self.say("page.day", **self._date(value.astimezone(ZoneInfo(zone)))))

    def _date(self, local: datetime) -> dict[str, object]:
        return {"day": local.day, "month": self.months[local.month - 1], "year": local.year}

    def by(self, channels: Iterable[str]) -> list[str]:
        """Channels in the middle of a sentence."""
        return [self.texts[f"by.{channel}"] for channel in channels]

    def listed(self, words: Iterable[object]) -> Markup:
        """A list as a sentence has it: `a, b and c`."""
        *first, last = [escape(word) for word in words]
        if not first:
            return last
        return self.say("page.list", first=Markup(", ").join(first), last=last)


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code, English first. What a file leaves out is said in English."""
    read = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
    english = read[FALLBACK]
    ordered = sorted(read, key=lambda code: (code != FALLBACK, code))
    return MappingProxyType({code: _language(code, read[code], english) for code in ordered})


def language_for(*codes: str | None) -> Language:
    """The first of these that there is: what the page was switched to, the client's own, what the browser asks for."""
    spoken = languages()
    return next((spoken[code] for code in codes if code and code in spoken), spoken[FALLBACK])


def texts_of(found: Mapping[str, Any]) -> dict[str, str]:
    """The texts of one file by `area.name`."""
    areas = {area: texts for area, texts in found.items() if isinstance(texts, dict)}
    return {f"{area}.{name}": text for area, texts in areas.items() for name, text in texts.items()}


def _language(code: str, found: Mapping[str, Any], english: Mapping[str, Any]) -> Language:
    months = tuple(found.get("months", english["months"]))
    texts = {**texts_of(english), **texts_of(found)}
    return Language(code, found.get("name", code), months, MappingProxyType(texts))
