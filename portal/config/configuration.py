"""The one settings object: all groups together, and what follows from them together."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from portal.config.batching import BatchingGroup
from portal.config.channels import Channel, ChannelMode, ChannelsGroup
from portal.config.database import DatabaseGroup
from portal.config.general import GeneralGroup
from portal.config.group import ChannelGroup, Group
from portal.config.limits import LimitsGroup
from portal.config.logging import LoggingGroup
from portal.config.redis import RedisGroup
from portal.config.retry import RetryGroup
from portal.config.secret import Secret
from portal.config.security import SecurityGroup
from portal.config.sending import SendingGroup
from portal.config.smtp import SmtpGroup
from portal.config.twilio import TwilioGroup
from portal.config.whatsapp import WhatsappGroup


class Config(BaseModel):
    """Everything an operator can set, checked and frozen."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    general: GeneralGroup
    database: DatabaseGroup
    redis: RedisGroup
    logging: LoggingGroup
    security: SecurityGroup
    whatsapp: WhatsappGroup
    twilio: TwilioGroup
    smtp: SmtpGroup
    retry: RetryGroup
    batching: BatchingGroup
    limits: LimitsGroup
    sending: SendingGroup
    channels: ChannelsGroup

    def groups(self) -> Iterator[Group]:
        """Every group, in the order in which they are told."""
        for name in type(self).model_fields:
            yield getattr(self, name)

    def channel_group(self, channel: Channel) -> ChannelGroup:
        """The credentials of a channel."""
        return self.channel_groups()[channel]

    def channel_groups(self) -> dict[Channel, ChannelGroup]:
        """The credentials of every channel."""
        return {Channel.EMAIL: self.smtp, Channel.SMS: self.twilio, Channel.WHATSAPP: self.whatsapp}

    def mode_of(self, channel: str) -> ChannelMode:
        """What this channel does now: live, simulation or disabled; auto has been resolved."""
        known = Channel(channel)
        chosen = self.channels.chosen(known)
        if chosen is not ChannelMode.AUTO:
            return chosen
        if self.channel_group(known).is_configured:
            return ChannelMode.LIVE
        return ChannelMode.SIMULATION if self.general.demo else ChannelMode.DISABLED

    def enabled_channels(self) -> list[str]:
        """The channels that take messages, really or in simulation."""
        return [channel for channel in Channel if self.mode_of(channel) is not ChannelMode.DISABLED]

    def secrets(self) -> Iterator[tuple[str, Secret]]:
        """Every secret that is set, with its variable; for redaction and for comparing keys."""
        for group in self.groups():
            yield from group.secrets()


GROUPS: tuple[type[Group], ...] = (
    GeneralGroup,
    DatabaseGroup,
    RedisGroup,
    LoggingGroup,
    SecurityGroup,
    WhatsappGroup,
    TwilioGroup,
    SmtpGroup,
    RetryGroup,
    BatchingGroup,
    LimitsGroup,
    SendingGroup,
    ChannelsGroup,
)
