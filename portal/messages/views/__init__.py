"""The pages of messages: the list, one message, writing one, whether one may be written, and what simulation caught."""

from portal.messages.views import captured, captured_sms, compose, listing, may_we_write, message
from portal.messages.views.blueprint import about_clients, blueprint

__all__ = ["about_clients", "blueprint", "captured", "captured_sms", "compose", "listing", "may_we_write", "message"]
