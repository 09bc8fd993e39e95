"""What can be the name of a person."""

import unicodedata

LONGEST_NAME = 200


class NotAName(ValueError):
    """The text cannot be a name; the message says why and does not repeat it."""


def clean_name(text: str) -> str:
    """The name in one normal form with single blanks. Control characters, which could forge a header, are refused."""
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text.strip()):
        raise NotAName("A name has one line and no control characters.")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise NotAName("Enter the person's name.")
    if len(name) > LONGEST_NAME:
        raise NotAName(f"A name has at most {LONGEST_NAME} letters.")
    return name
