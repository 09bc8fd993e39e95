"""What clients show elsewhere: navigation; on a client's page their wishes, retention, and who did what to them."""

import uuid
from typing import Any

from flask import Flask

from portal.audit.models import AuditEntry
from portal.audit.queries import Filter, list_entries
from portal.clients.events import ClientEvent
from portal.clients.models import Channel, Client, ClientState
from portal.clients.queries import find_client, preference_of
from portal.clients.rules.retention import kept_until, period_in_words
from portal.clients.rules.words import CHANNELS, FREQUENCIES
from portal.db import db, utc_now
from portal.settings.queries import value
from portal.settings.rules.retention import PROSPECTS
from portal.web.access import Permission
from portal.web.slots import (
    CLIENT_LAST_ACT,
    CLIENT_PANELS,
    CLIENT_TIMELINE,
    NAVIGATION,
    ClientPanel,
    NavigationEntry,
    TimelineEntry,
)

LOOKS = {
    ClientEvent.ADDED: ("plus", "client", "added this client"),
    ClientEvent.CHANGED: ("settings", "client", "changed what is known"),
    ClientEvent.PREFERENCES_CHANGED: ("sliders", "client", "changed the contact preferences"),
    ClientEvent.POINT_ADDED: ("plus", "client", "added a contact point"),
    ClientEvent.POINT_REMOVED: ("minus", "client", "removed a contact point"),
    ClientEvent.POINT_TRUSTED: ("check", "client", "put a contact point into use again"),
    ClientEvent.POINT_NORMALISED: ("sms", "client", "brought a phone number into its international form"),
    ClientEvent.RESTRICTED: ("pause", "client", "restricted this client"),
    ClientEvent.RESTRICTION_LIFTED: ("check", "client", "lifted the restriction"),
    ClientEvent.MERGED: ("users", "client", "merged another client into this one"),
    ClientEvent.MERGED_AWAY: ("users", "client", "merged this client into another one"),
    ClientEvent.REVEALED: ("eye", "staff access", "revealed name and addresses"),
}


def fill(app: Flask) -> None:
    """Fills the slots."""
    NAVIGATION.fill(app, navigation)
    CLIENT_TIMELINE.fill(app, timeline)
    CLIENT_PANELS.fill(app, panels)


def navigation() -> list[NavigationEntry]:
    """The list of clients, for those who may see it."""
    return [NavigationEntry("clients.index", "Clients", "users", Permission.CLIENT_VIEW, order=50, key="c")]


def panels(client_id: uuid.UUID) -> list[ClientPanel]:
    """How the client wants to be written to, and until when they are kept; nothing of the kind for an erased one."""
    client = find_client(client_id)
    if client is None or client.state == ClientState.ERASED:
        return []
    wishes = preference_of(db.session(), [client_id])[client_id]
    order = ", then ".join(CHANNELS[Channel(one)] for one in wishes.channel_order)
    facts = {"client": client, "wishes": wishes, "order": order, "frequency": FREQUENCIES[wishes.frequency]}
    return [
        ClientPanel("clients/_preferences.html", facts, order=5),
        ClientPanel("clients/_retention.html", retention(client), order=90),
    ]


def retention(client: Client) -> dict[str, Any]:
    """Until when the client is kept, and from what the time runs."""
    period = value(PROSPECTS)
    last = max(CLIENT_LAST_ACT.collect(client.id), key=lambda act: act.at, default=None)
    kept = kept_until(client.created_at, last.at if last else None, period, utc_now())
    why = "when we got to know them; " + ("their last act was earlier" if last else "no act of their own is known")
    if last and last.at == kept.since:
        why = last.text
    return {"kept": kept, "period": period_in_words(period), "why": why}


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """Who did what to the client and looked at their data, with the purpose or reason they stated."""
    entries = list_entries(db.session(), Filter(actions=tuple(LOOKS), thing=str(client_id)), limit=limit)
    return [entry_of(entry) for entry in entries]


def entry_of(entry: AuditEntry) -> TimelineEntry:
    """One row of the audit log as a line of the timeline."""
    icon, kind, deed = LOOKS[ClientEvent(entry.action)]
    said = entry.purpose or entry.reason
    return TimelineEntry(entry.at, kind, icon, f"{entry.actor_label} {deed}{f': “{said}”' if said else ''}")
