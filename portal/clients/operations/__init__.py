"""Every write about clients, each with its audit row: adding, revealing, searching, erasing."""

from portal.clients.operations.erasure import forget_client, remove_clients
from portal.clients.operations.people import ClientExists, add_client, note_duplicate
from portal.clients.operations.reading import (
    ClientUnknown,
    note_list_viewed,
    note_viewed,
    reveal,
    start_search,
)

__all__ = [
    "ClientExists",
    "ClientUnknown",
    "add_client",
    "forget_client",
    "note_duplicate",
    "note_list_viewed",
    "note_viewed",
    "remove_clients",
    "reveal",
    "start_search",
]
