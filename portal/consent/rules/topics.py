"""What a topic may rest on, and whether its messages need a consent."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType

from portal.consent.models import LegalBasis, TopicClass

# Marketing needs consent (ePrivacy Art. 13, UWG § 7); the exceptions for existing customers are not built.
BASES: Mapping[TopicClass, tuple[LegalBasis, ...]] = MappingProxyType(
    {
        TopicClass.MARKETING: (LegalBasis.CONSENT,),
        TopicClass.TRANSACTIONAL: (LegalBasis.CONTRACT, LegalBasis.LEGITIMATE_INTEREST, LegalBasis.CONSENT),
        TopicClass.SERVICE_LEGAL: (LegalBasis.LEGAL_OBLIGATION, LegalBasis.CONTRACT),
    }
)

# The topic of mails that answer a person: the confirmation they were asked for, a link they asked for. It is the same
# row in every installation, so that no topic of staff can be taken for it.
SYSTEM_LINKS = uuid.UUID("00000000-0000-7000-8000-000000000001")


def answers_person(topic_id: uuid.UUID) -> bool:
    """Whether messages on this topic do nothing but answer the person they go to; no other topic is treated so."""
    return topic_id == SYSTEM_LINKS


def is_consent_needed(legal_basis: str) -> bool:
    """Whether nothing may be sent on such a topic before the client has agreed."""
    return legal_basis == LegalBasis.CONSENT
