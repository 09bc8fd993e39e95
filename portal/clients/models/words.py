"""The words that columns of clients hold, each with what it means."""

from enum import StrEnum


class ClientState(StrEnum):
    """Whether a client may be written to: yes; not while a restriction stands; never again."""

    ACTIVE = "active"
    RESTRICTED = "restricted"
    ERASING = "erasing"
    ERASED = "erased"


class Source(StrEnum):
    """How a client came to us."""

    STAFF = "staff"
    IMPORT = "import"
    API = "api"
    FORM = "form"
    DEMO = "demo"


class ZoneSource(StrEnum):
    """How we know a client's time zone: somebody said so, the country or the phone number has only one, or not."""

    DECLARED = "declared"
    COUNTRY = "country"
    PHONE = "phone"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """A way to reach a client."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class PointKind(StrEnum):
    """What kind of address it is. A WhatsApp identity is WhatsApp's own name for a person; it may hide the phone."""

    EMAIL = "email"
    PHONE = "phone"
    WHATSAPP_ID = "whatsapp_id"


class PointState(StrEnum):
    """Whether an address works, cannot be sent to, is a number of an unknown country, or was taken away."""

    USABLE = "usable"
    UNUSABLE = "unusable"
    RAW = "raw"
    ERASED = "erased"


class Frequency(StrEnum):
    """How often a client wants to hear from us: as it comes, at most once a week, at most once a month."""

    EVERY = "every"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
