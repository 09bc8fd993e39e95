"""Who must not be written to: invented addresses, and those of the company's clients that proved dead."""

from portal.clients.models import PointState
from portal.clients.queries import list_demo_clients
from portal.consent.models import SuppressionOrigin, SuppressionReason
from portal.consent.operations import suppress
from portal.consent.rules.suppression import DEMO_SOURCE
from portal.db import db
from portal.web.actor import Actor

# Numbers of the range for plays and films (Ofcom), and addresses at domains that nobody can own (RFC 2606).
BLOCKED = (
    ("sms", "+447700900101", SuppressionReason.OPTED_OUT, SuppressionOrigin.PROVIDER),
    ("sms", "+447700900102", SuppressionReason.WRONG_PERSON, SuppressionOrigin.STAFF),
    ("email", "former.guest@rivertown.example", SuppressionReason.COMPLAINED, SuppressionOrigin.PROVIDER),
    ("email", "press.office@northpier.example", SuppressionReason.MANUAL, SuppressionOrigin.STAFF),
    ("whatsapp", "+447700900103", SuppressionReason.OPTED_OUT, SuppressionOrigin.PERSON),
)


def load_blocked(actor: Actor) -> int:
    """Puts them on the suppression list; says how many were missing there."""
    dead = [
        (point.channel, point.address or "", SuppressionReason.BOUNCED, SuppressionOrigin.PROVIDER)
        for client in list_demo_clients()
        for point in client.contact_points
        if point.state == PointState.UNUSABLE
    ]
    return sum(
        suppress(db.session(), channel, address, reason, source=DEMO_SOURCE, actor=actor, origin=origin)
        for channel, address, reason, origin in (*dead, *BLOCKED)
    )
