"""What clients show elsewhere: their line in the navigation, and on the timeline who was added and revealed by whom."""

import uuid

from flask import Flask

from portal.audit.queries import Filter, list_entries
from portal.clients.events import ClientEvent
from portal.db import db
from portal.web.access import Permission
from portal.web.slots import CLIENT_TIMELINE, NAVIGATION, NavigationEntry, TimelineEntry

LOOKS = {
    ClientEvent.ADDED: ("plus", "client", "added this client"),
    ClientEvent.REVEALED: ("eye", "staff access", "revealed name and address"),
}


def fill(app: Flask) -> None:
    """Fills the slots."""
    NAVIGATION.fill(app, navigation)
    CLIENT_TIMELINE.fill(app, timeline)


def navigation() -> list[NavigationEntry]:
    """The list of clients, for those who may see it."""
    return [NavigationEntry("clients.index", "Clients", "users", Permission.CLIENT_VIEW, order=50, key="c")]


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """Who added the client and who revealed their data, with the purpose they stated, as the audit log has it."""
    entries: list[TimelineEntry] = []
    for event, (icon, kind, deed) in LOOKS.items():
        for entry in list_entries(db.session(), Filter(action=event, thing=str(client_id)), limit=limit):
            purpose = f": “{entry.purpose}”" if entry.purpose else ""
            entries.append(TimelineEntry(entry.at, kind, icon, f"{entry.actor_label} {deed}{purpose}"))
    return entries
