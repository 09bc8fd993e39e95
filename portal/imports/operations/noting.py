"""The one way in which an act about an import gets into the audit log."""

from sqlalchemy.orm import Session

from portal.audit.operations import Outcome, record
from portal.imports.events import ImportEvent
from portal.imports.models import ClientImport
from portal.web.actor import Actor


def note(
    session: Session,
    event: ImportEvent,
    row: ClientImport,
    actor: Actor,
    reason: str,
    *,
    outcome: Outcome = Outcome.DONE,
) -> None:
    """An entry about one import, with figures and codes alone."""
    record(
        event,
        actor,
        object_type="client_import",
        object_id=row.id,
        reason=reason,
        outcome=outcome,
        session=session,
    )
