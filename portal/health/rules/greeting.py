"""How the home page speaks to a person. Pure."""

from datetime import datetime


def greeting(local: datetime) -> str:
    """The greeting of the hour on the reader's clock."""
    if local.hour < 5:
        return "Good night"
    if local.hour < 12:
        return "Good morning"
    return "Good afternoon" if local.hour < 18 else "Good evening"


def first_name(label: str) -> str:
    """The first word of a person's name; a name that cannot be read stays as it is."""
    return str(label).split(" ", maxsplit=1)[0]
