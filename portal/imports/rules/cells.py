"""What one cell says: a language, a country, a zone, a day, yes or no. What cannot be read is refused, not guessed."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from portal.clients.rules import LANGUAGES, countries
from portal.imports.rules.problems import Problem

LONGEST = 1_000
YES = frozenset({"yes", "y", "ja", "j", "true", "wahr", "1", "x"})
NO = frozenset({"", "no", "n", "nein", "false", "falsch", "0", "-"})
GERMAN_LANGUAGES = MappingProxyType(
    {"deutsch": "de", "englisch": "en", "französisch": "fr", "italienisch": "it", "spanisch": "es",
     "niederländisch": "nl", "polnisch": "pl", "portugiesisch": "pt", "tschechisch": "cs", "dänisch": "da"}
)  # fmt: skip
GERMAN_COUNTRIES = MappingProxyType(
    {"deutschland": "DE", "österreich": "AT", "schweiz": "CH", "frankreich": "FR", "italien": "IT", "spanien": "ES",
     "niederlande": "NL", "polen": "PL", "belgien": "BE", "dänemark": "DK", "tschechien": "CZ", "luxemburg": "LU"}
)  # fmt: skip
GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
LIKE_FORMULA = re.compile(r"[=+\-@\t\r]")


class BadCell(ValueError):
    """A cell that cannot be read; says what is wrong, not what it holds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_language(text: str) -> str:
    """`de` for de, de-AT, German, Deutsch."""
    word = text.casefold()
    code = _languages().get(word) or re.split("[-_]", word)[0]
    if code not in LANGUAGES:
        raise BadCell(Problem.LANGUAGE)
    return code


def read_country(text: str) -> str:
    """`DE` for DE, de, Germany, Deutschland."""
    code = _countries().get(text.casefold())
    if code is None:
        raise BadCell(Problem.COUNTRY)
    return code


def read_zone(text: str) -> str:
    """A zone by its name, such as Europe/Berlin."""
    if text not in _zones():
        raise BadCell(Problem.ZONE)
    return text


def read_moment(text: str, now: datetime) -> datetime:
    """The moment a cell names: 2025-03-14, 14.03.2025, or with a time; a day without time begins in UTC."""
    german = GERMAN_DAY.fullmatch(text)
    try:
        if german:
            day, month, year = map(int, german.groups())
            moment = datetime.combine(date(year, month, day), time(), UTC)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadCell(Problem.DATE) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now:
        raise BadCell(Problem.FUTURE)
    if moment.year < 1990:
        raise BadCell(Problem.DATE)
    return moment


def is_yes(text: str) -> bool:
    """Whether the cell agrees without saying when."""
    return text.casefold() in YES


def is_no(text: str) -> bool:
    """Whether the cell says that nothing was agreed to; that is no withdrawal."""
    return text.casefold() in NO


def is_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text, were it ever handed out again."""
    return LIKE_FORMULA.match(text) is not None


@cache
def _languages() -> Mapping[str, str]:
    return {name.casefold(): code for code, name in LANGUAGES.items()} | dict(GERMAN_LANGUAGES)


@cache
def _countries() -> Mapping[str, str]:
    known = countries()
    codes = {code.casefold(): code for code in known}
    return {name.casefold(): code for code, name in known.items()} | dict(GERMAN_COUNTRIES) | codes


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
