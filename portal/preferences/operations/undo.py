"""Taking an unsubscription back on the page that says it: for a day, with the words the person had agreed to before."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

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
    """What the link has just ended, and the words it rested on, if any."""

    wording_id: uuid.UUID | None


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
    return Undoable(earlier.wording_id) if STANDING_AFTER.get(Happening(earlier.event)) is Standing.GRANTED else None


def undo(client_id: uuid.UUID, topic: Topic, point: ContactPoint, actor: Actor) -> bool:
    """Writes the consent down again, as a fresh one; says whether that was possible."""
    found = find_undoable(client_id, topic, point.channel)
    if found is None:
        return False
    facts = (found.wording_id, Method.LINK, EVIDENCE, actor)
    try:
        record_consent(client_id, topic.id, point.channel, *facts, contact_point_id=point.id)
    except ConsentRefused:
        return False
    return True
