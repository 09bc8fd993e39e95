"""What counts as a name, an address and a client number, and how each is shown masked. Reads no database."""

from portal.clients.rules.addresses import NotMailable, mailable, readable_address
from portal.clients.rules.masking import client_number, mask_address, mask_name, read_number
from portal.clients.rules.names import NotAName, clean_name
from portal.clients.rules.places import LANGUAGES, UNKNOWN_LANGUAGE, UNKNOWN_ZONE, countries

__all__ = [
    "LANGUAGES",
    "UNKNOWN_LANGUAGE",
    "UNKNOWN_ZONE",
    "NotAName",
    "NotMailable",
    "clean_name",
    "client_number",
    "countries",
    "mailable",
    "mask_address",
    "mask_name",
    "read_number",
    "readable_address",
]
