"""The mode of each channel: whether it sends, pretends to send, or does neither."""

from enum import StrEnum
from typing import ClassVar

from portal.config.group import Group, variable


class Channel(StrEnum):
    """The ways of writing to a client."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class ChannelMode(StrEnum):
    """auto is live when the channel is configured, else simulation under `make run` and disabled in production."""

    AUTO = "auto"
    DISABLED = "disabled"
    SIMULATION = "simulation"
    LIVE = "live"


PARKED = (ChannelMode.DISABLED, ChannelMode.SIMULATION)


class ChannelsGroup(Group):
    """What the operator chose for each channel; Config.mode_of() says what follows from it."""

    name: ClassVar[str] = "channels"
    title: ClassVar[str] = "Channel modes"

    email: ChannelMode = variable("EMAIL_MODE", ChannelMode.AUTO, "Mode of email.")
    sms: ChannelMode = variable("SMS_MODE", ChannelMode.AUTO, "Mode of SMS.")
    whatsapp: ChannelMode = variable("WHATSAPP_MODE", ChannelMode.AUTO, "Mode of WhatsApp.")

    def chosen(self, channel: Channel) -> ChannelMode:
        """What the operator wrote, before auto is resolved."""
        return {Channel.EMAIL: self.email, Channel.SMS: self.sms, Channel.WHATSAPP: self.whatsapp}[channel]

    def summary(self) -> str:
        return ", ".join(f"{channel}: {self.chosen(channel)}" for channel in Channel)
