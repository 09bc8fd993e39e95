"""The words that topics and the ledger use, stored as text with a check constraint each."""

from enum import StrEnum


class TopicClass(StrEnum):
    """What kind of message a topic is for; set on the topic, never chosen for a single message."""

    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    SERVICE_LEGAL = "service_legal"


class LegalBasis(StrEnum):
    """What allows the organisation to write on a topic (GDPR Art. 6)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"
    SOFT_OPT_IN = "soft_opt_in"


class TopicState(StrEnum):
    """Whether anything may be sent on a topic."""

    OPEN = "open"
    CLOSED = "closed"


class Happening(StrEnum):
    """What one event of the ledger says."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRED = "expired"
    IMPORTED = "imported"
    RENEWED = "renewed"
    MERGED = "merged"


class Method(StrEnum):
    """How an event came about; the evidence says the rest."""

    FORM = "form"
    PAPER = "paper"
    SPOKEN = "spoken"
    STAFF = "staff"
    IMPORT = "import"
    ONE_CLICK = "one_click"
    LINK = "link"
    API = "api"
    SMS_KEYWORD = "sms_keyword"
    PREFERENCE_CENTRE = "preference_centre"
    MERGE = "merge"
    SYSTEM = "system"


class Standing(StrEnum):
    """Where a client stands on a topic and channel; the words are those of the send gate."""

    NONE = "none"
    REQUESTED = "requested"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRED = "expired"
