"""What verifications show elsewhere: their lines on a client's timeline; and how they follow a merge."""

import uuid

from flask import Flask

from portal.db import db
from portal.verification.models import Verification
from portal.verification.operations import follow_merge
from portal.verification.queries import list_verifications_of
from portal.verification.rules.words import PURPOSES, STATES
from portal.web.slots import CLIENT_MERGED, CLIENT_TIMELINE, TimelineEntry


def fill(app: Flask) -> None:
    """Fills the slots."""
    CLIENT_TIMELINE.fill(app, timeline)
    CLIENT_MERGED.fill(app, follow_merge)


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """The client's newest verifications and how they ended."""
    return [entry_of(row) for row in list_verifications_of(db.session(), client_id, limit)]


def entry_of(row: Verification) -> TimelineEntry:
    """One verification as a line of the timeline."""
    ending, icon, look = STATES[row.state]
    why = f" ({row.failure_code})" if row.failure_code else ""
    text = f"{PURPOSES[row.purpose]} by SMS: {ending}{why}"
    return TimelineEntry(row.started_at, "code", icon, text, look=look)
