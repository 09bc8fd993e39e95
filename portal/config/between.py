"""What is wrong between groups: keys used twice, channels told to be live, connections nobody verifies."""

from collections.abc import Iterator, Mapping

from portal.config.channels import PARKED, Channel, ChannelMode, ChannelsGroup
from portal.config.database import DatabaseGroup
from portal.config.group import ChannelGroup, Group
from portal.config.problems import Problem, warning
from portal.config.redis import RedisGroup
from portal.config.security import SecurityGroup
from portal.config.tls import is_verified

CHANNEL_GROUPS = {Channel.EMAIL: "smtp", Channel.SMS: "twilio", Channel.WHATSAPP: "whatsapp"}
# These are compared where they are checked, or are addresses rather than secrets of a provider.
NOT_COMPARED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "DB_ENCRYPTION_KEY")
Groups = Mapping[str, Group]


def check(groups: Groups) -> Iterator[Problem]:
    """Every problem of every group that could be made, and of the groups together."""
    for name, group in groups.items():
        for problem in group.problems():
            yield (problem.softened() if _is_parked(groups, name) else problem).within(name)
    yield from _live_without_credentials(groups)
    yield from _shared_keys(groups)
    yield from _unverified(groups)


def _chosen(groups: Groups, channel: Channel) -> ChannelMode:
    channels = groups.get("channels")
    return channels.chosen(channel) if isinstance(channels, ChannelsGroup) else ChannelMode.AUTO


def _is_parked(groups: Groups, name: str) -> bool:
    return any(group == name and _chosen(groups, channel) in PARKED for channel, group in CHANNEL_GROUPS.items())


def _live_without_credentials(groups: Groups) -> Iterator[Problem]:
    for channel, name in CHANNEL_GROUPS.items():
        group = groups.get(name)
        if isinstance(group, ChannelGroup) and _chosen(groups, channel) is ChannelMode.LIVE and not group.is_started:
            wrong = f"is live, but none of the variables of {group.title} are set"
            yield Problem(f"{channel.upper()}_MODE", wrong, "Set them, or set the mode to auto.", group="channels")


def _shared_keys(groups: Groups) -> Iterator[Problem]:
    security = groups.get("security")
    if not isinstance(security, SecurityGroup):
        return
    for group in groups.values():
        for name, secret in group.secrets():
            if name not in NOT_COMPARED and secret == security.db_encryption_key and group is not security:
                mend = "Make an own key with `flask --app wsgi keys generate`."
                yield Problem("DB_ENCRYPTION_KEY", f"is the same as {name}", mend, group="security")


def _unverified(groups: Groups) -> Iterator[Problem]:
    for name in ("database", "redis"):
        group = groups.get(name)
        if not isinstance(group, DatabaseGroup | RedisGroup):
            continue
        for variable, url in group.secrets():
            if not is_verified(url.reveal()):
                wrong = "reaches another machine, and nobody verifies that it is the right one"
                mend = "Use sslmode=verify-full (PostgreSQL) or rediss:// (Redis), with CA_BUNDLE for an own authority."
                yield warning(variable, wrong, mend).within(name)
