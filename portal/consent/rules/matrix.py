"""One client's standing laid out for a page: topics down, channels across, each field with how it came about."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.config.channels import Channel
from portal.consent.models import ConsentEvent, Standing, Topic, TopicWording
from portal.consent.rules.standing import Now, Place, lapsed
from portal.consent.rules.topics import is_consent_needed
from portal.consent.rules.words import BASES_IN_WORDS, METHODS, STANDINGS


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a client stands on one topic and channel: word, look and icon of the badge, and how it came about."""

    channel: str
    word: str
    look: str
    icon: str
    now: Now | None = None
    event: ConsentEvent | None = None
    wording: TopicWording | None = None

    @property
    def is_sent(self) -> bool:
        """Whether messages may go out, so that withdrawing is what can be done here."""
        return self.now.state is Standing.GRANTED if self.now else self.look == "info"

    @property
    def origin(self) -> str:
        """How it came about: the form, list or file, or else the way it was said."""
        return (self.event.source_name or METHODS[self.event.method]) if self.event else ""

    @property
    def waits_until(self) -> datetime | None:
        """How long a request waits that changes nothing before it is confirmed."""
        return self.now.pending_until if self.now else None


@dataclass(frozen=True, slots=True)
class Matrix:
    """All fields of one client, row by row."""

    channels: Sequence[str]
    rows: Sequence[tuple[Topic, Sequence[Cell]]]


def laid_out(
    topics: Iterable[Topic],
    reachable: Iterable[str],
    now: Mapping[Place, Now],
    events: Mapping[uuid.UUID, ConsentEvent],
    wordings: Mapping[uuid.UUID, TopicWording],
    moment: datetime,
) -> Matrix:
    """The fields for all topics on the channels the client can be reached by or was asked about, as of a moment."""
    wanted = {*reachable, *(channel for _, channel in now)}
    channels = [channel for channel in Channel if channel in wanted]

    def cell(topic: Topic, channel: str) -> Cell:
        there = now.get((topic.id, channel))
        if there is None:
            return _unsaid(topic, channel)
        there = lapsed(there, moment)
        event = events[there.event_id]
        wording = wordings.get(event.wording_id) if event.wording_id else None
        return Cell(channel, *STANDINGS[there.state], there, event, wording)

    return Matrix(channels, [(topic, [cell(topic, channel) for channel in channels]) for topic in topics])


def _unsaid(topic: Topic, channel: str) -> Cell:
    if is_consent_needed(topic.legal_basis):
        return Cell(channel, *STANDINGS[Standing.NONE])
    return Cell(channel, BASES_IN_WORDS[topic.legal_basis], "info", "lock")
