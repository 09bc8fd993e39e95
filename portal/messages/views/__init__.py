"""The pages of messages: the list, one message, writing one, and what simulation caught."""

from portal.messages.views import captured, captured_sms, compose, listing, message
from portal.messages.views.blueprint import blueprint

__all__ = ["blueprint", "captured", "captured_sms", "compose", "listing", "message"]
