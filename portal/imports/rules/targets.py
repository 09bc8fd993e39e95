"""What a column can become, and what its name lets one guess, in English and German."""

import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.config.channels import Channel


class Target(StrEnum):
    """What a column becomes. A consent has its topic and channel behind it, see `consent_target`."""

    NOTHING = ""
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    LANGUAGE = "language"
    COUNTRY = "country"
    TIME_ZONE = "time_zone"
    DEPARTMENT = "department"
    ATTRIBUTE = "attribute"
    CONSENT_DATE = "consent_date"
    CONSENT_SOURCE = "consent_source"
    CONSENT_WORDING = "consent_wording"


CONSENT = "consent:"
ADDRESSES = MappingProxyType(
    {Target.EMAIL: Channel.EMAIL, Target.PHONE: Channel.SMS, Target.WHATSAPP: Channel.WHATSAPP}
)
TARGET_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Target.NOTHING: "Not imported",
        Target.NAME: "Full name",
        Target.FIRST_NAME: "First name",
        Target.LAST_NAME: "Last name",
        Target.EMAIL: "Email address",
        Target.PHONE: "Phone",
        Target.WHATSAPP: "WhatsApp",
        Target.LANGUAGE: "Language",
        Target.COUNTRY: "Country",
        Target.TIME_ZONE: "Time zone",
        Target.DEPARTMENT: "Department",
        Target.ATTRIBUTE: "Attribute under this name",
        Target.CONSENT_DATE: "Consent date",
        Target.CONSENT_SOURCE: "Consent source",
        Target.CONSENT_WORDING: "Consent wording, as its version",
    }
)
CHANNEL_WORDS: Mapping[str, str] = MappingProxyType(
    {Channel.EMAIL: "email", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
)
NAMES: Mapping[Target, str] = MappingProxyType(
    {
        Target.NAME: "name fullname clientname customername contactname vollername kunde kundenname kontakt",
        Target.FIRST_NAME: "firstname givenname forename vorname rufname",
        Target.LAST_NAME: "lastname surname familyname nachname familienname zuname",
        Target.EMAIL: "email mail emailaddress mailaddress emailadresse mailadresse epost",
        Target.PHONE: "phone mobile mobilephone cell cellphone phonenumber mobilenumber sms smsnumber telephone "
        "telefon telefonnummer tel handy handynummer mobil mobilnummer mobiltelefon rufnummer",
        Target.WHATSAPP: "whatsapp whatsappnumber whatsappnummer whatsappid",
        Target.LANGUAGE: "language lang locale sprache anredesprache",
        Target.COUNTRY: "country countrycode land landercode laendercode staat",
        Target.TIME_ZONE: "timezone tz zeitzone",
        Target.DEPARTMENT: "department abteilung",
        Target.CONSENT_DATE: "consentdate consentedat optindate optinat einwilligungam einwilligungsdatum",
        Target.CONSENT_SOURCE: "consentsource optinsource einwilligungsquelle",
        Target.CONSENT_WORDING: "consentwording wording wordingversion formular wortlaut",
    }
)
GUESSES = {name: target for target, names in NAMES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic that a column can hold consents for."""

    id: uuid.UUID
    key: str
    name: str
    double_opt_in: bool = False


def consent_target(topic_id: uuid.UUID, channel: str) -> str:
    """The target of a column with consents to one topic on one channel."""
    return f"{CONSENT}{topic_id}:{channel}"


def read_consent(target: str) -> tuple[uuid.UUID, str] | None:
    """Topic and channel of such a target; None for every other."""
    if not target.startswith(CONSENT):
        return None
    _, topic, channel = target.split(":")
    return uuid.UUID(topic), channel


def target_choices(topics: Sequence[TopicChoice]) -> dict[str, str]:
    """Everything a column can become, with the words for it."""
    consents = {
        consent_target(topic.id, channel): f"Consent: {topic.name}, {word}"
        for topic in topics
        for channel, word in CHANNEL_WORDS.items()
    }
    return {str(target): word for target, word in TARGET_WORDS.items()} | consents


def guess(names: Sequence[str], topics: Sequence[TopicChoice]) -> list[str]:
    """What the columns seem to be, each target once; what is not known stays out."""
    found: list[str] = []
    for name in names:
        target = _guess(_plain(name), topics)
        found.append("" if target in found else target)
    return found


def _guess(name: str, topics: Sequence[TopicChoice]) -> str:
    if name in GUESSES:
        return GUESSES[name]
    topic = next((one for one in topics if _plain(one.key) in name or _plain(one.name) in name), None)
    if topic is None:
        return ""
    channel = next((one for one in (Channel.WHATSAPP, Channel.SMS) if one in name), Channel.EMAIL)
    return consent_target(topic.id, channel)


def _plain(name: str) -> str:
    """A name without case, accents and signs: `E-Mail-Adresse` is `emailadresse`."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)
