"""The pages of messages: the list, one message, writing one, and what simulation caught."""

from portal.messages.views import captured, compose, listing, message
from portal.messages.views.blueprint import blueprint

__all__ = ["blueprint", "captured", "compose", "listing", "message"]
