"""The tables of clients: people, their addresses and wishes, and the searches of staff for one of them."""

from portal.clients.models.client import Client, ContactPoint
from portal.clients.models.preference import ClientPreference
from portal.clients.models.search import ClientSearch
from portal.clients.models.words import (
    Channel,
    ClientState,
    Frequency,
    PointKind,
    PointState,
    Source,
    ZoneSource,
)

__all__ = [
    "Channel",
    "Client",
    "ClientPreference",
    "ClientSearch",
    "ClientState",
    "ContactPoint",
    "Frequency",
    "PointKind",
    "PointState",
    "Source",
    "ZoneSource",
]
