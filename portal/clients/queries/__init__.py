"""Everything that is read about clients."""

from portal.clients.queries.indices import index_of, index_of_phone, index_of_point
from portal.clients.queries.people import (
    find_by_address,
    find_by_email,
    find_by_number,
    find_by_phone,
    find_client,
    find_holder,
    find_owner,
    hold_client,
    ids_of,
    list_by_index,
    list_clients,
    list_demo_clients,
)
from portal.clients.queries.points import count_raw_points, find_point, list_raw_points, points_of
from portal.clients.queries.searches import find_search, list_found_by
from portal.clients.queries.wishes import preference_of

__all__ = [
    "count_raw_points",
    "find_by_address",
    "find_by_email",
    "find_by_number",
    "find_by_phone",
    "find_client",
    "find_holder",
    "find_owner",
    "find_point",
    "find_search",
    "hold_client",
    "ids_of",
    "index_of",
    "index_of_phone",
    "index_of_point",
    "list_by_index",
    "list_clients",
    "list_demo_clients",
    "list_found_by",
    "list_raw_points",
    "points_of",
    "preference_of",
]
