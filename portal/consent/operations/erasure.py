"""What an erasure takes from consent, and what has to stay so that the person is left in peace."""

import uuid

from sqlalchemy import delete, select

from portal.audit.operations import record
from portal.clients.models import ContactPoint
from portal.consent.events import ConsentAction
from portal.consent.models import ConsentEvent, ConsentEvidence, SuppressionReason
from portal.consent.operations.suppression import suppress
from portal.db import db
from portal.web.actor import Actor


def forget_evidence(client_id: uuid.UUID, actor: Actor) -> int:
    """
    Deletes the evidence of a client's events and puts their addresses on the suppression list; says how much went.

    Runs before the addresses are emptied. The events stay: without names, they prove what the organisation may have to
    defend (GDPR Art. 17(3)(e)), and the digests still show that evidence was there.
    """
    session = db.session()
    for point in session.scalars(select(ContactPoint).where(ContactPoint.client_id == client_id)):
        if point.address:
            reason = SuppressionReason.ERASED
            suppress(session, point.channel, point.address, reason, source="erasure", actor=actor, client_id=client_id)
    events = select(ConsentEvent.id).where(ConsentEvent.client_id == client_id)
    gone = delete(ConsentEvidence).where(ConsentEvidence.event_id.in_(events)).returning(ConsentEvidence.id)
    count = len(session.scalars(gone).all())
    record(ConsentAction.ERASE_EVIDENCE, actor, object_type="client", object_id=client_id, subject_ref=client_id)
    return count
