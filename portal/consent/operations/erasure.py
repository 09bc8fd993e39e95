"""What an erasure takes from consent, and what has to stay so that the person is left in peace."""

import uuid

from sqlalchemy import delete, select

from portal.audit.operations import record
from portal.clients.models import PointState
from portal.clients.queries import ids_of, points_of
from portal.consent.events import ConsentAction
from portal.consent.models import ConsentEvent, ConsentEvidence, SuppressionReason
from portal.consent.operations.suppression import suppress
from portal.db import db
from portal.web.actor import Actor


def forget_evidence(client_id: uuid.UUID, actor: Actor) -> int:
    """
    Deletes the evidence of a client's events and puts their addresses on the suppression list; says how much went.

    Also the evidence of whoever was merged into them, because that is the same person.

    Runs before the addresses are emptied. The events stay: without names, they prove what the organisation may have to
    defend (GDPR Art. 17(3)(e)), and the digests still show that evidence was there.
    """
    session = db.session()
    for point in points_of(client_id):
        # A number without its country was never written to, and cannot be told apart from a stranger's.
        if point.address and point.state != PointState.RAW:
            reason = SuppressionReason.ERASED
            suppress(session, point.channel, point.address, reason, source="erasure", actor=actor, client_id=client_id)
    events = select(ConsentEvent.id).where(ConsentEvent.client_id.in_(ids_of(client_id)))
    gone = delete(ConsentEvidence).where(ConsentEvidence.event_id.in_(events)).returning(ConsentEvidence.id)
    count = len(session.scalars(gone).all())
    record(ConsentAction.ERASE_EVIDENCE, actor, object_type="client", object_id=client_id, subject_ref=client_id)
    return count
