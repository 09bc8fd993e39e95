"""How numbers are read, kept and shown."""

import pytest
from portal.clients.models import ZoneSource
from portal.clients.rules import (
    CountryMissing,
    NewPoint,
    NotAPhone,
    derived_zone,
    is_phone,
    is_sendable_phone,
    mask_address,
    normalised_phone,
    read_point,
    read_point_or_raw,
    readable,
    zone_of_country,
    zone_of_phone,
)


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("0151 2345 6789", "DE", "+4915123456789"),
        ("+49 (0)151 2345-6789", None, "+4915123456789"),
        ("0049 151 23456789", None, "+4915123456789"),
        ("+44 (0)7400 123456", "DE", "+447400123456"),
        ("tel:+351-912-345-678", None, "+351912345678"),
        ("+\u0664\u0669 151 23456789", None, "+4915123456789"),
        ("06 698 12345", "IT", "+390669812345"),
        ("+15551234567", None, "+15551234567"),
        ("912 345 678", "PT", "+351912345678"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_was_typed(typed, region, kept):
    assert normalised_phone(typed, region) == kept
    assert normalised_phone(kept, None) == kept


@pytest.mark.parametrize(
    ("typed", "region", "says"),
    [
        ("0151 23456789", None, "country code"),
        ("0151 23456789", "XX", "country code"),
        ("+49 151 2345678 ext. 7", None, "without an extension"),
        ("tel:+4915123456789;ext=7", None, "without an extension"),
        ("+1 415 555 0123 x12", None, "without an extension"),
        ("+1 800 FLOWERS", None, "digits alone"),
        ("+49 30 1234567 and +49 30 7654321, whichever is nearer to the desk", None, "one phone number"),
        ("555 1234", "US", "with its area code"),
        ("+1234567890123456", None, "too many digits"),
        ("+49 12", None, "with its area code"),
        ("+44 72", None, "too few digits"),
        ("+376 2222222", None, "none of this length"),
        ("+49 1234", None, "too short to be reached"),
        ("+44 7400 1234567 8901", None, "too many digits"),
        ("+999 1234567", None, "Enter a phone number"),
        ("", None, "Enter a phone number"),
        ("+52 1 33 1234 5678", None, "digits"),
    ],
)
def test_what_is_no_number_is_refused_without_being_repeated(typed, region, says):
    with pytest.raises(NotAPhone) as refused:
        normalised_phone(typed, region)
    assert says in str(refused.value)
    assert refused.value.code == "INVALID_PHONE_FORMAT"
    assert not typed or typed not in str(refused.value)


def test_what_is_only_possible_is_kept_but_not_sent_to():
    assert not is_sendable_phone("+15551234567")
    assert read_point(NewPoint("sms", "+15551234567")).state == "unusable"
    assert is_sendable_phone("+4915123456789")
    assert read_point(NewPoint("sms", "0151 23456789", "DE")).state == "usable"


def test_a_whatsapp_identity_needs_no_number():
    point = read_point(NewPoint("whatsapp", " US.13491208655302741918 "))
    assert (point.kind, point.address, point.state) == ("whatsapp_id", "US.13491208655302741918", "usable")
    assert read_point(NewPoint("whatsapp", "+4915123456789")).kind == "phone"
    with pytest.raises(NotAPhone):
        read_point(NewPoint("sms", "US.13491208655302741918"))


def test_a_number_of_an_unknown_country_is_kept_as_it_came_and_nothing_else_is():
    assert read_point_or_raw(NewPoint("sms", " 0151 23456789 ")).state == "raw"
    assert read_point_or_raw(NewPoint("sms", "0151 23456789", "DE")).state == "usable"
    with pytest.raises(NotAPhone):
        read_point_or_raw(NewPoint("sms", "+49 12"))
    with pytest.raises(CountryMissing):
        read_point(NewPoint("sms", "0151 23456789"))


@pytest.mark.parametrize(
    ("address", "masked", "shown"),
    [
        ("+4915123456717", "+49 ••• 17", "+49 1512 3456717"),
        ("+351912345678", "+351 ••• 78", "+351 912 345 678"),
        ("0151 2345617", "••• 17", "0151 2345617"),
        ("US.13491208655302741918", "••• 18", "US.13491208655302741918"),
        ("maria@xn--bcher-kva.example", "m•••@•••.example", "maria@bücher.example"),
    ],
)
def test_addresses_are_masked_and_shown_by_their_kind(address, masked, shown):
    assert (mask_address(address), readable(address)) == (masked, shown)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("+49 151 23", True), ("0151 23456", True), ("c-000123", False), ("123", False), ("a1234@b.example", False)],
)
def test_a_search_knows_a_number_when_it_sees_one(typed, answer):
    assert is_phone(typed) is answer


@pytest.mark.parametrize(
    ("country", "phones", "zone", "source"),
    [
        ("DE", (), "Europe/Berlin", ZoneSource.COUNTRY),
        ("US", (), "UTC", ZoneSource.UNKNOWN),
        ("US", ("+12125550123",), "America/New_York", ZoneSource.PHONE),
        ("ES", (), "UTC", ZoneSource.UNKNOWN),
        (None, ("+15005550006", "+351912345678"), "UTC", ZoneSource.UNKNOWN),
        (None, ("+447400123456",), "Europe/London", ZoneSource.PHONE),
        (None, ("+881612345678", "+48512345678"), "Europe/Warsaw", ZoneSource.PHONE),
        (None, (), "UTC", ZoneSource.UNKNOWN),
    ],
)
def test_a_zone_follows_only_where_there_is_no_doubt(country, phones, zone, source):
    assert derived_zone(country, phones) == (zone, source)


def test_zones_of_a_country_and_of_a_number_are_all_those_in_which_it_may_be():
    assert set(zone_of_country("PT")) == {"Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"}
    assert zone_of_country(None) == zone_of_country("XX") == ()
    assert zone_of_phone("+881612345678") == ()
    assert len(zone_of_phone("+18005550123")) > 5
