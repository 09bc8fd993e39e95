"""The pages of clients: the list with its search, adding, one client, changing, addresses, restricting, merging."""

from portal.clients.views import adding, client, editing, merging, people, points, restricting
from portal.clients.views.blueprint import blueprint

__all__ = ["adding", "blueprint", "client", "editing", "merging", "people", "points", "restricting"]
