"""What counts as a name, an address, a zone and a wish, and how each is shown masked. Reads no database."""

from portal.clients.rules.addresses import BadAddress, NotMailable, mailable, readable_address
from portal.clients.rules.masking import client_number, is_phone, mask_address, mask_name, read_number
from portal.clients.rules.names import NotAName, clean_name
from portal.clients.rules.phones import CountryMissing, NotAPhone, is_sendable_phone, normalised_phone
from portal.clients.rules.places import LANGUAGES, UNKNOWN_LANGUAGE, UNKNOWN_ZONE, countries
from portal.clients.rules.points import NewPoint, ReadPoint, is_as_kept, read_point, read_point_or_raw, readable
from portal.clients.rules.wishes import Preference, PreferenceChange, WishRefused
from portal.clients.rules.zones import derived_zone, zone_of_country, zone_of_phone

__all__ = [
    "LANGUAGES",
    "UNKNOWN_LANGUAGE",
    "UNKNOWN_ZONE",
    "BadAddress",
    "CountryMissing",
    "NewPoint",
    "NotAName",
    "NotAPhone",
    "NotMailable",
    "Preference",
    "PreferenceChange",
    "ReadPoint",
    "WishRefused",
    "clean_name",
    "client_number",
    "countries",
    "derived_zone",
    "is_as_kept",
    "is_phone",
    "is_sendable_phone",
    "mailable",
    "mask_address",
    "mask_name",
    "normalised_phone",
    "read_number",
    "read_point",
    "read_point_or_raw",
    "readable",
    "readable_address",
    "zone_of_country",
    "zone_of_phone",
]
