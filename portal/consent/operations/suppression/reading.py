"""Noting that somebody looked an address up, before the answer is shown."""

from portal.audit.operations import AccessType, record_read
from portal.audit.operations.sealing import digest_of_term
from portal.consent.events import ConsentAction
from portal.web.actor import Actor


def note_looked_up(channel: str, address: str, actor: Actor) -> None:
    """Puts the look into the log, with the address only as a keyed digest; commit before showing what was found."""
    record_read(
        ConsentAction.LOOK_UP,
        actor,
        access_type=AccessType.SEARCH,
        object_type="suppression",
        reason=f"{channel}, term={digest_of_term(address.strip().casefold())}",
    )
