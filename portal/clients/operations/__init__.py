"""Every write about clients, each with its audit row: adding, changing, revealing, searching, merging, erasing."""

from portal.clients.operations.backfill import Backfilled, backfill_phones
from portal.clients.operations.changing import (
    ChangedMeanwhile,
    NothingToDo,
    change_client,
    change_preferences,
    lift_restriction,
    restrict_client,
)
from portal.clients.operations.erasure import forget_client, remove_clients
from portal.clients.operations.merging import Follower, MergeRefused, merge_clients
from portal.clients.operations.people import add_client, note_duplicate
from portal.clients.operations.points import (
    ClientExists,
    ClientGone,
    PointUnknown,
    add_contact_point,
    remove_contact_point,
    replace_contact_point,
    trust_contact_point,
)
from portal.clients.operations.reading import (
    ClientUnknown,
    note_list_viewed,
    note_viewed,
    reveal,
    start_search,
)

__all__ = [
    "Backfilled",
    "ChangedMeanwhile",
    "ClientExists",
    "ClientGone",
    "ClientUnknown",
    "Follower",
    "MergeRefused",
    "NothingToDo",
    "PointUnknown",
    "add_client",
    "add_contact_point",
    "backfill_phones",
    "change_client",
    "change_preferences",
    "forget_client",
    "lift_restriction",
    "merge_clients",
    "note_duplicate",
    "note_list_viewed",
    "note_viewed",
    "remove_clients",
    "remove_contact_point",
    "replace_contact_point",
    "restrict_client",
    "reveal",
    "start_search",
    "trust_contact_point",
]
