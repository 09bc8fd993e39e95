"""What consent holds about a person: what they agreed to and withdrew, when, how, and the proof of it."""

import uuid
from typing import Any

from portal.clients.queries import ids_of
from portal.consent.operations import forget_evidence
from portal.consent.queries import list_events, list_topics, read_wordings
from portal.consent.rules.evidence import note_of
from portal.db import db
from portal.web.actor import Actor

TABLES = ("consent_event", "consent_evidence", "consent_state", "suppression", "suppression_removal")


def export_for(client_id: uuid.UUID) -> dict[str, Any]:
    """Every event of this client in clear, the oldest first; whoever asks has put the look into the log before."""
    names = {topic.id: topic.name for topic in list_topics()}
    session, known = db.session(), ids_of(client_id)
    wordings = {key: text for one in known for key, text in read_wordings(session, one).items()}
    return {
        "consent": [
            {
                "topic": names[event.topic_id],
                "channel": event.channel,
                "event": event.event,
                "method": event.method,
                "legal_basis": event.legal_basis or "",
                "wording": wordings[event.wording_id].text if event.wording_id else "",
                "source": event.source_name or event.source_url or "",
                "occurred_at": event.occurred_at.isoformat(),
                "recorded_at": event.recorded_at.isoformat(),
                "expires_at": event.expires_at.isoformat() if event.expires_at else "",
                "evidence": note_of(evidence.evidence) if evidence else "",
            }
            for known_as in reversed(known)
            for event, evidence in reversed(list_events(known_as))
        ]
    }


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:
    """
    Deletes the evidence and suppresses the addresses; says how many rows of each table went.

    Has to run before the erasure of the client's own rows, which takes the addresses away.
    """
    return dict.fromkeys(TABLES, 0) | {"consent_evidence": forget_evidence(client_id, actor)}
