"""Everything that can be wrong with a row, with the words for people: what it is, and what they can do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Problem(StrEnum):
    """What is wrong with a cell or a row; the report holds these words and lines, never a value."""

    CELLS = "cells"
    FORMULA = "formula"
    ERROR = "error"
    LONG = "long"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    PHONE_COUNTRY = "phone_country"
    ADDRESS_MISSING = "address_missing"
    LANGUAGE = "language"
    COUNTRY = "country"
    ZONE = "time_zone"
    DATE = "date"
    FUTURE = "future"
    DATE_MISSING = "date_missing"
    SOURCE_MISSING = "source_missing"
    WORDING = "wording"
    CONSENT_ADDRESS = "consent_address"
    DUPLICATE = "duplicate"
    TWO_CLIENTS = "two_clients"
    RESTRICTED = "restricted"
    SUPPRESSED = "suppressed"
    LIKE_FORMULA = "like_formula"


class Trouble(NamedTuple):
    """One problem: the line, the column counted from 1 (0 means the whole row), and what is wrong."""

    line: int
    column: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Words:
    """How a problem is told: in a list, in a sentence, and with what to do."""

    short: str
    text: str
    remedy: str
    look: str = "bad"


CORRECT = "Correct it in the file"
PROBLEMS = {
    Problem.CELLS: Words("Cells do not fit", "The row has more or fewer cells than the header", CORRECT),
    Problem.FORMULA: Words("Formula", "The cell holds a formula, not a value", "Paste it as a value"),
    Problem.ERROR: Words("Error in Excel", "The cell shows an error of Excel", CORRECT),
    Problem.LONG: Words("Too long", "The cell is longer than 1,000 letters", "Shorten it, or do not import the column"),
    Problem.NAME: Words("Name not valid", "There is no name, or it cannot be one", "Enter the person's name"),
    Problem.EMAIL: Words("Email not valid", "Nothing can be sent to this email address", CORRECT),
    Problem.PHONE: Words("Phone not valid", "No country has such a phone number", "Correct it, or leave it empty"),
    Problem.PHONE_COUNTRY: Words(
        "Phone without country", "The number has no country code", "Add +49 or the like, or choose a country for all"
    ),
    Problem.ADDRESS_MISSING: Words("No address", "There is neither email nor phone", "Add one, or take the row away"),
    Problem.LANGUAGE: Words("Language not known", "This is no language we know", "Write de or German"),
    Problem.COUNTRY: Words("Country not known", "This is no country we know", "Write DE or Germany"),
    Problem.ZONE: Words("Time zone not known", "This is no time zone we know", "Write Europe/Berlin"),
    Problem.DATE: Words("Date not valid", "There is no such day, or it is written otherwise", "Write 2025-03-14"),
    Problem.FUTURE: Words("Date in the future", "A consent cannot be given in the future", "Correct the date"),
    Problem.DATE_MISSING: Words("Consent without date", "Nobody knows when it was given", "Write the date in the cell"),
    Problem.SOURCE_MISSING: Words("Consent without source", "Nobody knows where its proof is", "Name the source"),
    Problem.WORDING: Words(
        "Wording not known", "Wording is not known, so the consent proves nothing", "Record the wording first", "warn"
    ),
    Problem.CONSENT_ADDRESS: Words(
        "Consent without address", "There is a consent for a channel without an address", "Add the address", "warn"
    ),
    Problem.DUPLICATE: Words(
        "Twice in the file", "An earlier line has the same address", "Decide which is right", "warn"
    ),
    Problem.TWO_CLIENTS: Words(
        "Two clients", "The addresses belong to two different clients", "Merge them, or correct the row", "warn"
    ),
    Problem.RESTRICTED: Words("Restricted", "This client may not be changed now", "Stays out, on purpose", ""),
    Problem.SUPPRESSED: Words("Suppressed, stays out", "The address is suppressed", "Stays out, on purpose", ""),
    Problem.LIKE_FORMULA: Words(
        "Starts like a formula",
        "A spreadsheet would run this text as a formula; it is kept as text",
        "Look at it",
        "info",
    ),
}

# Rows that stay out for another reason than a mistake have counters of their own.
COUNTED_APART = {Problem.DUPLICATE: "duplicate", Problem.SUPPRESSED: "suppressed"}


def is_flag(problem: str) -> bool:
    """Whether the row goes in all the same."""
    return problem == Problem.LIKE_FORMULA


def counter_of(problem: Problem) -> str:
    """The counter of rows that stay out for this."""
    return COUNTED_APART.get(problem, "invalid")
