"""How the home page speaks to a person, and in which order it tells what needs them. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

from portal.web.slots import Attention

FAR = datetime.max.replace(tzinfo=UTC)
URGENCY = {"bad": 0, "warn": 1, "info": 2}


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


def sort_by_deadline(found: Iterable[Attention]) -> list[Attention]:
    """The earliest deadline first; without a deadline the most urgent first, after those that have one."""
    return sorted(found, key=lambda one: (one.due or FAR, URGENCY.get(one.kind, len(URGENCY))))
