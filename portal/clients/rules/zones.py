"""Which time zones a client can live in, from their country or phone number, and which one follows from that."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers import timezone

from portal.clients.models import ZoneSource
from portal.clients.rules.places import UNKNOWN_ZONE

# Zones that show the same time in winter and in summer are one zone to a person's evening.
MOMENTS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))


def zone_of_country(country: str | None) -> tuple[str, ...]:
    """Every zone of a country, the most populous first; none for a country that is not known."""
    return _by_country().get(country or "", ())


def zone_of_phone(e164: str) -> tuple[str, ...]:
    """Every zone in which a number can be at home, its main country's first; none for satellite phones and the like."""
    number = phonenumbers.parse(e164)
    found = [zone for zone in timezone.time_zones_for_number(number) if zone in _known_zones()]
    main = zone_of_country(phonenumbers.region_code_for_country_code(number.country_code or 0))
    return tuple(sorted(found, key=lambda zone: (zone not in main, zone)))


def derived_zone(country: str | None, phones: Iterable[str]) -> tuple[str, ZoneSource]:
    """The zone that follows from the country or else from a phone number, where all its zones show the same time."""
    if zone := _only(zone_of_country(country)):
        return zone, ZoneSource.COUNTRY
    for phone in phones:
        if zone := _only(zone_of_phone(phone)):
            return zone, ZoneSource.PHONE
    return UNKNOWN_ZONE, ZoneSource.UNKNOWN


@cache
def _only(zones: tuple[str, ...]) -> str:
    times = {tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in MOMENTS) for zone in zones}
    return zones[0] if len(times) == 1 else ""


@cache
def _known_zones() -> frozenset[str]:
    # Reads the folders of the zones each time it is asked.
    return frozenset(available_timezones())


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for code, _, zone, *_ in (line.split("\t") for line in lines if not line.startswith("#")):
        found[code] = (*found.get(code, ()), zone)
    return MappingProxyType(found)
