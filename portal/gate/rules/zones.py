"""
Where a recipient can be: time zones in the order declared, country, phone number, organisation; and whose law holds.

The United States are special: only a zone that the person declared narrows them to one, because an area code says where
a number was bought and not where its owner lives. Otherwise the hours hold in every zone of the country.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from phonenumbers import NumberParseException, national_significant_number, parse, region_code_for_number

from portal.clients.rules import countries
from portal.clients.rules.zones import zone_of_country
from portal.config.channels import Channel

PHONE_CHANNELS = frozenset({Channel.SMS, Channel.WHATSAPP})
FLORIDA = "US-FL"
FLORIDA_ZONES = frozenset({"America/New_York", "America/Chicago"})
FLORIDA_CODES = frozenset(
    {
        "239", "305", "321", "324", "352", "386", "407", "448", "561", "645", "656", "689", "727", "728", "754", "772",
        "786", "813", "850", "863", "904", "941", "954",
    }
)  # fmt: skip
# Zones of one country that show the same time in every week of these years are one zone for us.
COMPARED = tuple(datetime(2026, 1, 7, 12, tzinfo=UTC) + timedelta(weeks=week) for week in range(52 * 8))


class ZoneFrom(StrEnum):
    """What a recipient's zone rests on, the surest first."""

    DECLARED = "declared"
    COUNTRY = "country"
    PHONE = "phone"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Home:
    """What is written down about where a client lives."""

    time_zone: str
    is_declared: bool
    country: str


@dataclass(frozen=True, slots=True)
class Place:
    """The zones a recipient can be in and the likely one, what that rests on, and the jurisdictions that count."""

    zones: tuple[ZoneInfo, ...]
    likely: ZoneInfo
    zone_from: ZoneFrom
    jurisdictions: frozenset[str]


def place_of(home: Home, channel: str, address: str, own_zone: str) -> Place:
    """Where somebody can be whom we write to at this address; own_zone is the organisation's."""
    number_in, area = _number(address) if channel in PHONE_CHANNELS else ("", "")
    zone_in = _countries().get(home.time_zone, "")
    zones, zone_from = _zones(home, number_in or zone_in, own_zone)
    laws = {home.country, number_in, zone_in if home.is_declared else ""} - {""}
    if area in FLORIDA_CODES and _may_be_florida(zones):
        laws.add(FLORIDA)
    likely = _zone(home.time_zone) if zone_in else None
    return Place(zones, likely or zones[0], zone_from, frozenset(laws))


def _zones(home: Home, hinted: str, own_zone: str) -> tuple[tuple[ZoneInfo, ...], ZoneFrom]:
    if home.is_declared and (declared := _zone(home.time_zone)):
        return (declared,), ZoneFrom.DECLARED
    if zones := zones_of(home.country):
        return zones, ZoneFrom.COUNTRY
    if zones := zones_of(hinted):
        return zones, ZoneFrom.PHONE
    return (_zone(own_zone) or ZoneInfo("UTC"),), ZoneFrom.ORGANISATION


@cache
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """The zones of a country that differ from each other; none for a country that does not exist."""
    found: dict[tuple[timedelta | None, ...], ZoneInfo] = {}
    for zone in map(ZoneInfo, zone_of_country(country)):
        found.setdefault(tuple(moment.astimezone(zone).utcoffset() for moment in COMPARED), zone)
    return tuple(found.values())


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@cache
def _countries() -> Mapping[str, str]:
    """The country of each zone that has one."""
    return MappingProxyType({zone: country for country in countries() for zone in zone_of_country(country)})


def _number(address: str) -> tuple[str, str]:
    """The country of a number in E.164, and its area code if it is American."""
    try:
        number = parse(address)
    except NumberParseException:
        return "", ""
    country = region_code_for_number(number) or ""
    return country, national_significant_number(number)[:3] if country == "US" else ""


def _may_be_florida(zones: tuple[ZoneInfo, ...]) -> bool:
    # A name that is no place, such as EST5EDT, does not speak against Florida.
    return any(zone.key in FLORIDA_ZONES or zone.key not in _countries() for zone in zones)
