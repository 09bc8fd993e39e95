"""What the clients feature writes into the audit log."""

from enum import StrEnum


class ClientEvent(StrEnum):
    """The audit actions of clients: who was added, looked at, looked for, revealed and erased."""

    ADDED = "client.added"
    DUPLICATE_REFUSED = "client.duplicate_refused"
    LIST_VIEWED = "client.list_viewed"
    SEARCHED = "client.searched"
    VIEWED = "client.viewed"
    REVEALED = "client.revealed"
    ERASED = "client.erased"
    REMOVED = "client.removed"
