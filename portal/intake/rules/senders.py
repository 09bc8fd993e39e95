"""The address behind what a provider calls the sender of a reply."""

from portal.config.channels import Channel

PREFIX = "whatsapp:"


def address_of(channel: str, sender: str) -> str:
    """The address as we keep it: Twilio puts `whatsapp:` before a number, WhatsApp itself leaves the + away."""
    address = sender.strip().removeprefix(PREFIX)
    is_bare = channel == Channel.WHATSAPP and address.isascii() and address.isdigit()
    return f"+{address}" if is_bare else address
