"""What somebody says about a client, when adding or changing one. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.clients.models import ZoneSource


@dataclass(frozen=True, slots=True)
class Details:
    """What may be known besides name, addresses, language, zone and country."""

    owner_id: uuid.UUID | None = None
    department: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientChange:
    """
    A client as they shall be. Without a name the present one stays; without a zone it is worked out.

    With a moment of last change, the change counts only while that is still the last one.

    Attributes with a value are set, those with an empty one are taken away, those not named stay.
    """

    language: str
    country: str | None
    time_zone: str = ""
    zone_source: ZoneSource = ZoneSource.DECLARED
    full_name: str = ""
    details: Details = field(default_factory=Details)
    seen: str = ""
