"""What a person chose on the page of their settings, and what became of it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.config.channels import Channel

Spot = tuple[uuid.UUID, str]


class Became(StrEnum):
    """What became of one switch; the words are keys of the pages' texts."""

    ON = "on"
    OFF = "off"
    ASKED = "asked"
    CODE = "code"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The switches that were on the page, which of them stand on, and the words that were shown for each topic."""

    shown: frozenset[Spot]
    on: frozenset[Spot]
    wordings: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """One switch that was moved. A request names its event, which the mail asks to confirm."""

    topic: str
    spot: Spot
    became: Became
    at: datetime
    event_id: uuid.UUID | None = None


def read_wanted(shown: Iterable[str], on: Iterable[str], wordings: Iterable[str]) -> Wanted:
    """What a browser sent, as `topic:channel` and `topic:wording`; whatever is nothing of the kind is left out."""
    places = frozenset(filter(None, map(_spot, shown)))
    pairs = [_ids(text) for text in wordings]
    return Wanted(places, frozenset(filter(None, map(_spot, on))) & places, dict(pair for pair in pairs if pair))


def _spot(text: Any) -> Spot | None:
    topic, _, channel = str(text).partition(":")
    found = _id(topic)
    return (found, channel) if found and channel in set(Channel) else None


def _ids(text: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    topic, _, wording = text.partition(":")
    one, other = _id(topic), _id(wording)
    return (one, other) if one and other else None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
