"""Reads a reply: brings it into one plain form and looks it up in the table of words. In doubt a person reads it."""

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import cache
from importlib.resources import files

# Letters that no decomposition takes apart but that people write with plain ones.
LETTERS = str.maketrans({"\u0142": "l", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d", "\u0131": "i"})
APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u00b4`\u2032]")
BETWEEN = re.compile(r"[\W_]+")
LONGEST_READ = 2_000


class Meaning(StrEnum):
    """What a reply wants. Unclear: it speaks of stopping and of the contrary, so a person has to read it."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    UNCLEAR = "unclear"
    OTHER = "other"


def read_reply(text: str) -> Meaning:
    """What the reply wants, in any of the table's languages; case, accents, punctuation and spacing do not matter."""
    said = plain(text)
    if said in listed("other_stops"):
        return Meaning.OTHER
    core = joined(without(said, listed("polite")))
    if core in listed("stop_words") or said in listed("stop_words"):
        return Meaning.STOP
    cleared = without(said, listed("other_stops"))
    rest = without(cleared, listed("contrary"))
    if holds(rest, listed("stop_phrases")) or is_repeated_stop(core):
        return Meaning.STOP
    if rest != cleared:
        return Meaning.UNCLEAR
    for meaning, table in ((Meaning.START, "start_words"), (Meaning.HELP, "help_words")):
        if core in listed(table) or said in listed(table):
            return meaning
    return Meaning.OTHER


def plain(text: str) -> str:
    """The words alone: small letters without accents, one blank between, nothing invisible."""
    shown = "".join(sign for sign in text[:LONGEST_READ] if unicodedata.category(sign) != "Cf")
    # Folded on both sides of taking apart, because some capitals have small letters only in parts.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", shown).casefold()).casefold()
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(LETTERS)
    return BETWEEN.sub(" ", APOSTROPHES.sub("", bare)).strip()


def joined(text: str) -> str:
    """S T O P as one word; anything but single letters stays as it is."""
    letters = text.split()
    return "".join(letters) if all(len(letter) == 1 for letter in letters) else text


def without(text: str, phrases: frozenset[str]) -> str:
    """The text with these phrases taken out, the longest first, as whole words."""
    left = f" {text} "
    for phrase in sorted(phrases, key=len, reverse=True):
        while f" {phrase} " in left:
            left = left.replace(f" {phrase} ", " ")
    return left.strip()


def holds(text: str, phrases: frozenset[str]) -> bool:
    """Whether one of the phrases stands in the text as whole words."""
    padded = f" {text} "
    return any(f" {phrase} " in padded for phrase in phrases)


def is_repeated_stop(core: str) -> bool:
    """STOP STOP STOP."""
    said = set(core.split())
    return bool(said) and said <= listed("stop_words")


@cache
def listed(table: str) -> frozenset[str]:
    """One table of words.toml over all languages, in the plain form."""
    by_language = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    lines = (tables.get(table, "") for tables in by_language.values())
    return frozenset(filter(None, (plain(entry) for line in lines for entry in line.split(","))))
