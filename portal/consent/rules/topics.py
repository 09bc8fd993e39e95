"""What a topic may rest on, whether its messages need a consent, and where existing customers may be written to."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.config.channels import Channel
from portal.consent.models import LegalBasis, TopicClass

# Marketing needs consent (ePrivacy Art. 13 (1), UWG § 7) or a sale with the notice that goes with it (Art. 13 (2),
# PECR 22 (3)). Legitimate interest alone carries no marketing by electronic mail.
BASES: Mapping[TopicClass, tuple[LegalBasis, ...]] = MappingProxyType(
    {
        TopicClass.MARKETING: (LegalBasis.CONSENT, LegalBasis.SOFT_OPT_IN),
        TopicClass.TRANSACTIONAL: (LegalBasis.CONTRACT, LegalBasis.LEGITIMATE_INTEREST, LegalBasis.CONSENT),
        TopicClass.SERVICE_LEGAL: (LegalBasis.LEGAL_OBLIGATION, LegalBasis.CONTRACT),
    }
)
# Each has to be written down for each client: what they read, and the consent or the sale behind it.
NEEDS_RECORD = frozenset({LegalBasis.CONSENT, LegalBasis.SOFT_OPT_IN})
# The European Economic Area (Directive 2002/58/EC Art. 13 (2)) and the United Kingdom (PECR 22 (3)).
EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
SOFT_OPT_IN_COUNTRIES = frozenset({*EEA.split(" "), "GB"})
# "Electronic mail" of the directive includes text messages; WhatsApp demands an opt-in of its own.
SOFT_OPT_IN_CHANNELS = frozenset({Channel.EMAIL, Channel.SMS})

# The topic of mails that answer a person: the confirmation they were asked for, a link they asked for. It is the same
# row in every installation, so that no topic of staff can be taken for it.
SYSTEM_LINKS = uuid.UUID("00000000-0000-7000-8000-000000000001")

LONGEST_CAP_DAYS = 366


def answers_person(topic_id: uuid.UUID) -> bool:
    """Whether messages on this topic do nothing but answer the person they go to; no other topic is treated so."""
    return topic_id == SYSTEM_LINKS


class TopicRefused(Exception):
    """A topic or wording that cannot be; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What of a topic can be changed."""

    name: str
    description: str = ""
    double_opt_in: bool = False
    cap_messages: int | None = None
    cap_days: int | None = None


def require_topic_change(topic_class: str, legal_basis: str, change: TopicChange) -> None:
    """Refuses what a topic of this kind cannot have."""
    if change.double_opt_in and legal_basis != LegalBasis.CONSENT:
        raise TopicRefused("Only a consent can be confirmed; this topic rests on something else.")
    if (change.cap_messages is None) != (change.cap_days is None):
        raise TopicRefused("Say both: how many messages, and in how many days. Or leave both empty.")
    if change.cap_messages is None or change.cap_days is None:
        return
    if topic_class != TopicClass.MARKETING:
        raise TopicRefused("Only marketing is limited; what a client needs to know is always sent.")
    if change.cap_messages < 1 or not 1 <= change.cap_days <= LONGEST_CAP_DAYS:
        raise TopicRefused("A limit is at least one message, in 1 to 366 days.")


def is_consent_needed(legal_basis: str) -> bool:
    """Whether nothing may be sent on such a topic before something was written down for the client."""
    return legal_basis in NEEDS_RECORD


def is_soft_opt_in_lawful(channel: str, country: str | None) -> bool:
    """Whether a client of this country may be written to as an existing customer; no where the country is unknown."""
    return channel in SOFT_OPT_IN_CHANNELS and country in SOFT_OPT_IN_COUNTRIES
