"""
Which hours and caps the law sets, by channel and jurisdiction: a table, so that whoever knows the law can read it.

A law of a part of a country stands beside the country's own: all that apply hold together.
"""

from dataclasses import dataclass
from datetime import time, timedelta

from portal.config.channels import Channel
from portal.gate.rules.caps import Cap
from portal.gate.rules.hours import Clock, Dial, Hours
from portal.gate.rules.verdicts import Reason
from portal.gate.rules.zones import FLORIDA, PHONE_CHANNELS, Place

TEXTS = frozenset({Channel.SMS})


@dataclass(frozen=True, slots=True)
class HoursLaw:
    """The hours of one jurisdiction for marketing on some channels."""

    jurisdiction: str
    channels: frozenset[Channel]
    hours: Hours


@dataclass(frozen=True, slots=True)
class CapLaw:
    """The most that one jurisdiction allows on some channels in a rolling window."""

    jurisdiction: str
    channels: frozenset[Channel]
    limit: int
    length: timedelta
    reason: Reason
    source: str


HOURS: tuple[HoursLaw, ...] = (
    HoursLaw("US", PHONE_CHANNELS, Hours(time(8), time(21), source="47 CFR 64.1200(c)(1)")),
    HoursLaw(FLORIDA, PHONE_CHANNELS, Hours(time(8), time(20), source="Florida Statutes 501.616(6)(a)")),
)
CAPS: tuple[CapLaw, ...] = (
    CapLaw(FLORIDA, TEXTS, 3, timedelta(hours=24), Reason.FLORIDA_CAP, "Florida Statutes 501.616(6)(b)"),
)


def clock_of(place: Place, channel: str, own: tuple[Hours, ...], wished: tuple[Hours, ...]) -> Clock:
    """
    The hours of the law and the organisation's own in every zone the recipient can be in, those they wish in one.

    What somebody wishes is meant by their own clock, of which there is one, even if we do not know which.
    """
    legal = tuple(law.hours for law in HOURS if law.jurisdiction in place.jurisdictions and channel in law.channels)
    everywhere = tuple(Dial(zone, legal + own) for zone in place.zones) if legal or own else ()
    return Clock(everywhere + ((Dial(place.likely, wished),) if wished else ()), place.zone_from)


def legal_caps(place: Place, channel: str) -> tuple[Cap, ...]:
    """The caps that the law sets for a message to this place on this channel."""
    return tuple(
        Cap(law.reason, law.limit, law.length, channel=channel)
        for law in CAPS
        if law.jurisdiction in place.jurisdictions and channel in law.channels
    )
