"""
Appends the collected entries when a session commits: the one place where the chain grows.

The lock of the chain is taken last and held for two statements and the commit, so that a long import or a key rotation
never makes the rest of the portal wait.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, event, insert, text
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.audit.operations.collect import COLLECTED, collected
from portal.audit.operations.sealing import seal
from portal.audit.rules.canonical import GENESIS, canonical

# One round trip: the function takes the lock and then reads the head with a fresh snapshot.
HEAD = text("SELECT seq, mac FROM heedful_audit_head()")


class AuditUnavailable(RuntimeError):
    """The log cannot be written, so the act it belongs to must not happen and nothing may be shown."""


@event.listens_for(Session, "before_commit")
def append_collected(session: Session) -> None:
    """Writes the entries of a session that commits; ignores savepoints. Whatever fails here fails the commit."""
    if session.in_nested_transaction() or not session.info.get(COLLECTED):
        return
    # Before the lock: a slow or failing flush must not hold up the chain.
    session.flush()
    entries = collected(session)
    try:
        append(session.connection(), entries)
    except Exception as error:
        raise AuditUnavailable("The audit log cannot be written.") from error


def append(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Gives the entries their place and their seal and inserts them, in the transaction of the connection."""
    # Makes the key ring look for new keys now, not while everybody waits for the lock.
    seal(b"")
    head = connection.execute(HEAD).one_or_none()
    seq, prev = (head.seq, bytes(head.mac)) if head else (0, GENESIS)
    for seq, facts in enumerate(entries, start=seq + 1):  # noqa: B020 - numbering goes on from the head
        facts.update(seq=seq, prev=prev)
        facts["key_id"], facts["mac"] = seal(canonical(facts))
        prev = facts["mac"]
    connection.execute(insert(AuditEntry.__table__), list(entries))  # type: ignore[arg-type]
