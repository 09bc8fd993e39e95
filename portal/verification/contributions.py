"""What verifications show elsewhere: a client's timeline, money that runs out; and how they follow a merge."""

import uuid

from flask import Flask, url_for

from portal.db import db, utc_now
from portal.settings.queries import value
from portal.settings.rules.limits import MONEY_PER_DAY, WARNING
from portal.staff.models import Role
from portal.staff.rules.roles import may
from portal.verification.models import Verification
from portal.verification.operations import follow_merge
from portal.verification.queries import cost_of_a_day, list_verifications_of
from portal.verification.rules.words import PURPOSES, STATES
from portal.web.access import Permission
from portal.web.actor import Actor
from portal.web.slots import CLIENT_MERGED, CLIENT_TIMELINE, HOME_ATTENTION, Attention, TimelineEntry


def fill(app: Flask) -> None:
    """Fills the slots."""
    CLIENT_TIMELINE.fill(app, timeline)
    CLIENT_MERGED.fill(app, follow_merge)
    HOME_ATTENTION.fill(app, attention)


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """The client's newest verifications and how they ended."""
    return [entry_of(row) for row in list_verifications_of(db.session(), client_id, limit)]


def entry_of(row: Verification) -> TimelineEntry:
    """One verification as a line of the timeline."""
    ending, icon, look = STATES[row.state]
    why = f" ({row.failure_code})" if row.failure_code else ""
    text = f"{PURPOSES[row.purpose]} by SMS: {ending}{why}"
    return TimelineEntry(row.started_at, "code", icon, text, look=look)


def attention(actor: Actor) -> list[Attention]:
    """That the money of a day is nearly used up, for those who see the settings."""
    if not any(may(Role(role), Permission.SETTINGS_VIEW) for role in actor.roles):
        return []
    limit, used = value(MONEY_PER_DAY), cost_of_a_day(db.session(), utc_now())
    # A limit of nothing is used up from the start, and was chosen so.
    if not limit.micro or used * 100 < limit.micro * value(WARNING):
        return []
    title = f"Codes by SMS have used {used * 100 // limit.micro} % of the money of 24 hours"
    text = f"At {limit.amount:.2f} {limit.currency} no more codes are sent. See whether somebody asks for too many."
    return [Attention("warn", "sms", title, text, url_for("settings.area", name="limits"), "See the limits")]
