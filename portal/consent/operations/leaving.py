"""What consent keeps of an address that is taken from a client: a no stays with it, and what only it proved ends."""

import uuid

from sqlalchemy import select

from portal.clients.models import ContactPoint, PointState
from portal.consent.models import (
    ConsentEvent,
    Happening,
    Method,
    Standing,
    SuppressionReason,
    SuppressionScope,
    Topic,
    TopicClass,
)
from portal.consent.operations.append import Said, append
from portal.consent.operations.held import Ledger, hold_ledger
from portal.consent.operations.suppression import suppress
from portal.consent.rules.standing import OPPOSED
from portal.db import db, utc_now
from portal.web.actor import Actor

SOURCE = "address taken from a client who said no"


def leave_address(contact_point_id: uuid.UUID, actor: Actor) -> list[ConsentEvent]:
    """
    Runs before the address is emptied; answers the events it wrote.

    A client's no to marketing on the channel goes onto the suppression list with the address: else whoever adds it
    again, by hand or from a file, would write to somebody who said no. A confirmation that came from this mailbox, and
    a request that waits for one, end with it: they say nothing about another address.
    """
    session = db.session()
    point = session.get_one(ContactPoint, contact_point_id)
    ledger = hold_ledger(session, point.client_id)
    topics = {topic.id: topic for topic in session.scalars(select(Topic).order_by(Topic.id))}
    if point.address and point.state != PointState.RAW and _said_no(ledger, topics, point.channel):
        reason, scope = SuppressionReason.OPTED_OUT, SuppressionScope.MARKETING
        facts = (session, point.channel, point.address, reason)
        suppress(*facts, source=SOURCE, actor=actor, client_id=ledger.client_id, scope=scope)
    return append(session, {ledger.client_id: ledger}, _ends(ledger, topics, point), actor)


def _said_no(ledger: Ledger, topics: dict[uuid.UUID, Topic], channel: str) -> bool:
    return any(
        there.state in OPPOSED and topics[topic_id].topic_class == TopicClass.MARKETING
        for (topic_id, on), there in ledger.now.items()
        if on == channel
    )


def _ends(ledger: Ledger, topics: dict[uuid.UUID, Topic], point: ContactPoint) -> list[Said]:
    said_for = select(ConsentEvent.id).where(ConsentEvent.client_id == ledger.client_id)
    here = set(db.session.scalars(said_for.where(ConsentEvent.contact_point_id == point.id)))
    now = utc_now()
    return [
        Said(
            ledger.client_id, topics[topic_id], channel, Happening.EXPIRED, Method.SYSTEM, now,
            contact_point_id=point.id, refers_to_id=event_id,
        )
        for (topic_id, channel), there in sorted(ledger.now.items())
        for event_id in (
            there.event_id if there.state is Standing.GRANTED and topics[topic_id].double_opt_in else None,
            there.pending_id,
        )
        if event_id in here
    ]  # fmt: skip
