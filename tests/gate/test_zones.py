"""Where a recipient can be, and whose law holds there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from phonenumbers import parse
from phonenumbers.geocoder import description_for_number
from portal.gate.rules.zones import COMPARED, FLORIDA, FLORIDA_CODES, Home, ZoneFrom, place_of, zones_of

LISBON = "+351912345678"
MIAMI = "+13055550100"
UNKNOWN = Home("UTC", is_declared=False, country="")


@pytest.mark.parametrize(
    ("home", "channel", "address", "zone_from", "first"),
    [
        (Home("Asia/Tokyo", True, "PT"), "sms", MIAMI, ZoneFrom.DECLARED, "Asia/Tokyo"),
        (Home("Asia/Tokyo", False, "PT"), "sms", MIAMI, ZoneFrom.COUNTRY, "Europe/Lisbon"),
        (Home("Nowhere/Atall", True, "PT"), "email", "x@y.example", ZoneFrom.COUNTRY, "Europe/Lisbon"),
        (UNKNOWN, "sms", LISBON, ZoneFrom.PHONE, "Europe/Lisbon"),
        (UNKNOWN, "whatsapp", LISBON, ZoneFrom.PHONE, "Europe/Lisbon"),
        (UNKNOWN, "whatsapp", "an identity", ZoneFrom.ORGANISATION, "Europe/Berlin"),
        (Home("Asia/Tokyo", False, ""), "email", "x@y.example", ZoneFrom.PHONE, "Asia/Tokyo"),
        (UNKNOWN, "sms", "+88012345", ZoneFrom.PHONE, "Asia/Dhaka"),
        (UNKNOWN, "sms", "+8835100", ZoneFrom.ORGANISATION, "Europe/Berlin"),
        (UNKNOWN, "email", "x@y.example", ZoneFrom.ORGANISATION, "Europe/Berlin"),
    ],
)
def test_the_surest_source_of_a_zone_counts(home, channel, address, zone_from, first):
    place = place_of(home, channel, address, "Europe/Berlin")
    assert (place.zone_from, place.zones[0].key) == (zone_from, first)


def test_a_zone_of_the_organisation_that_does_not_exist_is_utc():
    assert place_of(UNKNOWN, "email", "x@y.example", "Mars/Base").zones == (ZoneInfo("UTC"),)


def test_only_a_declared_zone_narrows_the_united_states():
    assert len(place_of(Home("America/New_York", True, "US"), "sms", MIAMI, "UTC").zones) == 1
    for home in (Home("America/New_York", False, "US"), Home("America/New_York", False, ""), UNKNOWN):
        keys = {zone.key for zone in place_of(home, "sms", MIAMI, "UTC").zones}
        assert {"America/New_York", "America/Chicago", "Pacific/Honolulu", "America/Adak"} <= keys


def test_zones_left_out_of_a_country_show_the_same_time_as_one_that_stands_there():
    shown = {tuple(at.astimezone(zone).utcoffset() for at in COMPARED) for zone in zones_of("US")}
    detroit = tuple(at.astimezone(ZoneInfo("America/Detroit")).utcoffset() for at in COMPARED)
    assert detroit in shown
    hourly = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours) for hours in range(24 * 365)]
    new_york, detroit = ZoneInfo("America/New_York"), ZoneInfo("America/Detroit")
    assert all(at.astimezone(new_york).utcoffset() == at.astimezone(detroit).utcoffset() for at in hourly)


@pytest.mark.parametrize(
    ("home", "channel", "address", "laws"),
    [
        (UNKNOWN, "sms", MIAMI, {"US", FLORIDA}),
        (Home("America/New_York", True, "US"), "sms", MIAMI, {"US", FLORIDA}),
        (Home("America/Chicago", True, "US"), "sms", "+18505550100", {"US", FLORIDA}),
        (Home("America/Los_Angeles", True, "US"), "sms", MIAMI, {"US"}),
        (Home("America/New_York", True, "US"), "sms", "+12125550100", {"US"}),
        (Home("America/New_York", True, ""), "email", "x@y.example", {"US"}),
        (Home("America/New_York", False, ""), "email", "x@y.example", set()),
        (Home("Europe/Lisbon", True, "PT"), "sms", MIAMI, {"US", "PT"}),
        (UNKNOWN, "sms", "+14165550100", {"CA"}),
        (UNKNOWN, "email", MIAMI, set()),
    ],
)
def test_every_country_that_speaks_for_a_person_counts_and_florida_by_area_code(home, channel, address, laws):
    assert place_of(home, channel, address, "UTC").jurisdictions == laws


def test_the_area_codes_of_florida_are_those_the_numbering_plan_knows():
    known = {
        str(code) for code in range(200, 1000) if "Florida" in description_for_number(parse(f"+1{code}2345678"), "en")
    }
    assert known <= FLORIDA_CODES
