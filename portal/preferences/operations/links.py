"""
Asking for a fresh link to the settings, and answering.

The page writes the same row for every address, known or not, and does nothing else; the ticker looks up whose it is.
So neither the answer nor its time tells whether somebody is a client.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from portal.audit.operations import record
from portal.audit.rules.text import shortened_address
from portal.crypto.envelope import lp
from portal.crypto.keyring import mac
from portal.crypto.purposes import Purpose
from portal.db import db, new_id, utc_now
from portal.preferences.events import PreferencesEvent
from portal.preferences.models import LinkRequest
from portal.preferences.operations.mails import order_link
from portal.preferences.queries.system import count_asked, list_unanswered, points_by_index
from portal.web.actor import SYSTEM, Actor

PER_NETWORK = 20
PER_ADDRESS = 3
WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)
AT_ONCE = 100
LABEL = b"heedful/link-request/network/v1"
HASH_BYTES = 16


class TooMany(Exception):
    """This network asked too often; it has to wait."""


def ask_for_link(address_index: bytes, language: str, actor: Actor) -> LinkRequest:
    """Notes that a link was asked for. Raises TooMany for a network that asked PER_NETWORK times within the hour."""
    network = network_hash(actor.ip or "")
    # One at a time for each network, so that counting and writing cannot be overtaken.
    db.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(network[:8], signed=True))))
    now = utc_now()
    if count_asked(network, now - WINDOW) >= PER_NETWORK:
        raise TooMany
    asked = LinkRequest(id=new_id(), address_index=address_index, network_hash=network, language=language, asked_at=now)
    db.session.add(asked)
    record(PreferencesEvent.ASK_LINK, actor, object_type="link_request", object_id=asked.id)
    return asked


def answer_links() -> int:
    """Orders a mail for each address that is a client's and did not ask too often; says how many. Forgets old ones."""
    now = utc_now()
    waiting = list_unanswered(AT_ONCE)
    points = points_by_index([one.address_index for one in waiting])
    ordered = 0
    for one in waiting:
        point = points.get(one.address_index)
        if point is not None and _count_answered(one.address_index) < PER_ADDRESS:
            ordered += order_link(point, one.language, SYSTEM) is not None
        one.answered_at = now
        db.session.flush()
    if waiting:
        text = f"{len(waiting)} asked, {ordered} mails ordered"
        record(PreferencesEvent.ANSWER_LINKS, SYSTEM, object_type="link_request", reason=text)
    db.session.execute(delete(LinkRequest).where(LinkRequest.asked_at < now - KEPT))
    return ordered


def network_hash(ip: str) -> bytes:
    """A keyed hash of the network an address belongs to: enough to count, nothing to look up."""
    network = shortened_address(ip).encode()
    return mac(Purpose.LINK, lp(LABEL) + lp(network))[1][:HASH_BYTES]


def _count_answered(address_index: bytes) -> int:
    since = utc_now() - WINDOW
    query = select(func.count()).select_from(LinkRequest).where(LinkRequest.address_index == address_index)
    return db.session.execute(query.where(LinkRequest.answered_at >= since)).scalar_one()
