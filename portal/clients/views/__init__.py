"""The pages of clients: the list with its search, adding, and the page of one client."""

from portal.clients.views import adding, client, people
from portal.clients.views.blueprint import blueprint

__all__ = ["adding", "blueprint", "client", "people"]
