"""Taking an unsubscription back on the page that says it: for a day, with the words the person had agreed to before."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.clients.models import ContactPoint
from portal.consent.models import Happening, Method, Standing, Topic
from portal.consent.operations import record_consent
from portal.consent.queries import get_event, list_events, list_states
from portal.consent.rules import ConsentRefused
from portal.consent.rules.standing import STANDING_AFTER
from portal.consent.rules.topics import is_consent_needed
from portal.db import utc_now
from portal.web.actor import Actor

UNDO_FOR = timedelta(days=1)
BY_LINK = frozenset({Method.LINK, Method.ONE_CLICK})
EVIDENCE = "Unsubscribed by the link and took it back on the same page."


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the link has just ended: the words it rested on and when it would have ended by itself, if any."""

    wording_id: uuid.UUID | None
    expires_at: datetime | None = None


def find_undoable(client_id: uuid.UUID, topic: Topic, channel: str) -> Undoable | None:
    """
    What a press on the link ended less than a day ago, if that is how things stand; else None.

    An older no, and one that was said elsewhere, takes a fresh consent. So a link that was passed on brings back
    nothing but what the same link has just ended.
    """
    states = {(one.topic_id, one.channel): one for one in list_states(client_id)}
    state = states.get((topic.id, channel))
    if state is None or state.state != Standing.WITHDRAWN:
        return None
    ended = get_event(state.event_id)
    if ended.method not in BY_LINK or utc_now() - ended.occurred_at >= UNDO_FOR:
        return None
    before = [one for one, _ in list_events(client_id) if (one.topic_id, one.channel) == (topic.id, channel)]
    earlier = next((one for one in before if one.seq < ended.seq), None)
    if earlier is None:
        return None if is_consent_needed(topic.legal_basis) else Undoable(None)
    if STANDING_AFTER.get(Happening(earlier.event)) is not Standing.GRANTED:
        return None
    is_over = earlier.expires_at is not None and earlier.expires_at <= utc_now()
    return None if is_over else Undoable(earlier.wording_id, earlier.expires_at)


def undo(client_id: uuid.UUID, topic: Topic, point: ContactPoint, actor: Actor) -> bool:
    """Writes the consent down again, as a fresh one; says whether that was possible."""
    found = find_undoable(client_id, topic, point.channel)
    if found is None:
        return False
    facts = (found.wording_id, Method.LINK, EVIDENCE, actor)
    ends: dict[str, Any] = {"contact_point_id": point.id, "expires_at": found.expires_at}
    try:
        record_consent(client_id, topic.id, point.channel, *facts, **ends)
    except ConsentRefused:
        return False
    return True
