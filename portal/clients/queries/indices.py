"""The keyed hashes under which addresses are found. Contexts are pinned: other ones would find nothing any more."""

from portal.clients.models import PointKind
from portal.crypto.blind_index import blind_index, exact_index
from portal.crypto.purposes import Purpose

ADDRESS = "contact_point.address"
WHATSAPP_ID = "contact_point.whatsapp_id"


def index_of(email: str) -> bytes:
    """The keyed hash under which an email address is found, in whatever case or spelling of its domain."""
    return blind_index(Purpose.BIDX_EMAIL, ADDRESS, email)


def index_of_phone(e164: str) -> bytes:
    """The keyed hash under which a phone number is found, on SMS and WhatsApp alike."""
    return blind_index(Purpose.BIDX_PHONE, ADDRESS, e164)


def index_of_point(kind: str, address: str) -> bytes:
    """The keyed hash of an address of any kind in the form in which it is kept."""
    if kind == PointKind.WHATSAPP_ID:
        return exact_index(Purpose.BIDX_PHONE, WHATSAPP_ID, address)
    return index_of(address) if kind == PointKind.EMAIL else index_of_phone(address)
