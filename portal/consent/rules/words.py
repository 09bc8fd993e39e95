"""How pages say what the ledger holds."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.config.channels import Channel
from portal.consent.models import Happening, LegalBasis, Method, Standing, Topic, TopicClass

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        TopicClass.MARKETING: "Marketing",
        TopicClass.TRANSACTIONAL: "Transactional",
        TopicClass.SERVICE_LEGAL: "Service and legal",
    }
)
BASES_IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        LegalBasis.CONSENT: "Consent",
        LegalBasis.CONTRACT: "Contract",
        LegalBasis.LEGAL_OBLIGATION: "Legal duty",
        LegalBasis.LEGITIMATE_INTEREST: "Legitimate interest",
        LegalBasis.SOFT_OPT_IN: "Existing customer",
    }
)
METHODS: Mapping[str, str] = MappingProxyType(
    {
        Method.FORM: "on a form",
        Method.PAPER: "on paper",
        Method.SPOKEN: "by word of mouth",
        Method.STAFF: "told to staff",
        Method.IMPORT: "taken over by import",
        Method.ONE_CLICK: "one click in the mail program",
        Method.LINK: "by the link in a message",
        Method.API: "by another system",
        Method.SMS_KEYWORD: "by a reply",
        Method.PREFERENCE_CENTRE: "in the preference centre",
        Method.MERGE: "by joining two records of the same person",
        Method.SYSTEM: "by itself",
    }
)
CHANNELS: Mapping[str, str] = MappingProxyType(
    {Channel.EMAIL: "Email", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
)
# icon, look, and the deed
DEEDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        Happening.REQUESTED: ("clock", "info", "Asked for"),
        Happening.CONFIRMED: ("check", "ok", "Confirmed"),
        Happening.GRANTED: ("check", "ok", "Agreed to"),
        Happening.WITHDRAWN: ("x", "bad", "Withdrew"),
        Happening.REFUSED: ("x", "bad", "Said no to"),
        Happening.EXPIRED: ("clock", "", "Ended:"),
        Happening.IMPORTED: ("upload", "ok", "Agreed elsewhere to"),
        Happening.RENEWED: ("check", "ok", "Agreed again to"),
        Happening.MERGED: ("users", "info", "Taken over:"),
    }
)
# word, look, icon
STANDINGS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        Standing.NONE: ("Never asked", "", "minus"),
        Standing.REQUESTED: ("Not confirmed", "info", "clock"),
        Standing.GRANTED: ("Agreed", "ok", "check"),
        Standing.WITHDRAWN: ("Withdrawn", "bad", "x"),
        Standing.REFUSED: ("Said no", "bad", "x"),
        Standing.EXPIRED: ("Ended", "warn", "clock"),
    }
)


def channel_words(channel: str) -> str:
    """The channel in the middle of a sentence."""
    return "email" if channel == Channel.EMAIL else CHANNELS[channel]


def cap_words(topic: Topic) -> str:
    """How often a topic may write to one client."""
    if topic.cap_messages is None or topic.cap_days is None:
        return "None"
    messages = "1 message" if topic.cap_messages == 1 else f"{topic.cap_messages} messages"
    return f"{messages} in {'1 day' if topic.cap_days == 1 else f'{topic.cap_days} days'}"
