"""What the clients feature writes into the audit log."""

from enum import StrEnum


class ClientEvent(StrEnum):
    """The audit actions of clients: who was added, changed, looked at, merged and erased."""

    ADDED = "client.added"
    CHANGED = "client.changed"
    PREFERENCES_CHANGED = "client.preferences_changed"
    POINT_ADDED = "client.point_added"
    POINT_REMOVED = "client.point_removed"
    POINT_TRUSTED = "client.point_trusted"
    POINT_NORMALISED = "client.point_normalised"
    RESTRICTED = "client.restricted"
    RESTRICTION_LIFTED = "client.restriction_lifted"
    MERGED = "client.merged"
    MERGED_AWAY = "client.merged_away"
    DUPLICATE_REFUSED = "client.duplicate_refused"
    LIST_VIEWED = "client.list_viewed"
    SEARCHED = "client.searched"
    VIEWED = "client.viewed"
    REVEALED = "client.revealed"
    ERASED = "client.erased"
    REMOVED = "client.removed"
