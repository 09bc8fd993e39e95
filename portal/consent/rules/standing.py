"""Where a client stands: what events in order say, when it lapses by itself, and which of two sides is stricter."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from portal.consent.models import ConsentEvent, Happening, Standing
from portal.consent.rules.entry import Entry

Place = tuple[uuid.UUID, str]
REQUEST_WAITS = timedelta(days=14)

STANDING_AFTER: Mapping[Happening, Standing] = MappingProxyType(
    {
        Happening.REQUESTED: Standing.REQUESTED,
        Happening.CONFIRMED: Standing.GRANTED,
        Happening.GRANTED: Standing.GRANTED,
        Happening.IMPORTED: Standing.GRANTED,
        Happening.RENEWED: Standing.GRANTED,
        Happening.WITHDRAWN: Standing.WITHDRAWN,
        Happening.REFUSED: Standing.REFUSED,
        Happening.EXPIRED: Standing.EXPIRED,
    }
)
# From the loosest to the strictest: where two records of one person are joined, the later in this order holds.
STRICTNESS = (
    Standing.NONE,
    Standing.REQUESTED,
    Standing.GRANTED,
    Standing.EXPIRED,
    Standing.REFUSED,
    Standing.WITHDRAWN,
)
OPPOSED = frozenset({Standing.WITHDRAWN, Standing.REFUSED})
# What a person says afresh; nothing else lifts their own no.
FRESH = frozenset({Happening.CONFIRMED, Happening.GRANTED})


@dataclass(frozen=True, slots=True)
class Now:
    """Where a client stands on one topic and channel, since when, by which event, and what still waits or ends."""

    state: Standing
    since: datetime
    event_id: uuid.UUID
    expires_at: datetime | None = None
    pending_id: uuid.UUID | None = None
    pending_until: datetime | None = None


def fold(events: Iterable[ConsentEvent]) -> dict[Place, Now]:
    """What events in order say now, by topic and channel."""
    now: dict[Place, Now] = {}
    for event in events:
        place = event.topic_id, event.channel
        now[place] = following(now.get(place), event)
    return now


def following(before: Now | None, event: ConsentEvent | Entry) -> Now:
    """
    Where the client stands after one more event.

    A no repeated keeps its first date and ends whatever waited for a confirmation; a request changes nothing of what
    was said before, until it is confirmed.
    """
    happening = Happening(event.event)
    if happening is Happening.REQUESTED:
        return _asked(before, event)
    if happening is Happening.EXPIRED and before is not None:
        return _ended(before, event)
    state = Standing(event.carried) if event.carried else STANDING_AFTER[happening]
    if before is not None and _stays(before, state, event):
        return replace(before, pending_id=None, pending_until=None)
    if state is Standing.REQUESTED:
        return _waiting(event)
    ends = event.expires_at if state is Standing.GRANTED else None
    return Now(state, event.occurred_at, event.id, ends)


def lapsed(now: Now, moment: datetime) -> Now:
    """The same at a moment: a consent or a request whose time is over counts as ended, whatever was written since."""
    if now.state is Standing.GRANTED and now.expires_at is not None and now.expires_at <= moment:
        return replace(now, state=Standing.EXPIRED, since=now.expires_at)
    if now.state is Standing.REQUESTED and now.pending_until is not None and now.pending_until <= moment:
        return replace(now, state=Standing.EXPIRED, since=now.pending_until)
    return now


def is_stricter(one: Standing, other: Standing) -> bool:
    """Whether the first holds where both are said of the same person."""
    return STRICTNESS.index(one) > STRICTNESS.index(other)


def _stays(before: Now, state: Standing, event: ConsentEvent | Entry) -> bool:
    if event.carried:
        return not is_stricter(state, before.state)
    if before.state not in OPPOSED:
        return False
    if state is Standing.GRANTED:
        return event.event not in FRESH or event.occurred_at <= before.since
    return not is_stricter(state, before.state)


def _asked(before: Now | None, event: ConsentEvent | Entry) -> Now:
    asked = _waiting(event)
    if before is not None and before.state in OPPOSED | {Standing.GRANTED}:
        return replace(before, pending_id=asked.pending_id, pending_until=asked.pending_until)
    return asked


def _waiting(event: ConsentEvent | Entry) -> Now:
    until = event.expires_at or event.recorded_at + REQUEST_WAITS
    return Now(Standing.REQUESTED, event.occurred_at, event.id, pending_id=event.id, pending_until=until)


def _ended(before: Now, event: ConsentEvent | Entry) -> Now:
    left = replace(before, pending_id=None, pending_until=None) if event.refers_to_id == before.pending_id else before
    if before.event_id == event.refers_to_id and before.state in {Standing.GRANTED, Standing.REQUESTED}:
        return replace(left, state=Standing.EXPIRED, since=event.occurred_at, event_id=event.id, expires_at=None)
    return left
