"""What a topic may rest on, and whether its messages need a consent."""

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


def is_consent_needed(legal_basis: str) -> bool:
    """Whether nothing may be sent on such a topic before the client has agreed."""
    return legal_basis == LegalBasis.CONSENT
