"""Stopping everything at once, as people ask for it: on one channel or on all."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from portal.clients.models import ContactPoint
from portal.config.channels import Channel
from portal.consent.models import ConsentEvent, Happening, Method, Standing, Topic, TopicClass
from portal.consent.operations.append import NOWHERE, Said, append
from portal.consent.operations.held import hold_ledger
from portal.consent.rules.origin import Origin
from portal.db import db, utc_now
from portal.web.actor import Actor

STOPPABLE = (TopicClass.MARKETING, TopicClass.TRANSACTIONAL)


def withdraw_everything(  # noqa: PLR0913 - what is known of a withdrawal; each part is named at the call
    client_id: uuid.UUID,
    method: Method,
    actor: Actor,
    *,
    channel: str | None = None,
    classes: Collection[TopicClass] = STOPPABLE,
    evidence: str = "",
    contact_point_id: uuid.UUID | None = None,
    origin: Origin | None = None,
) -> list[ConsentEvent]:
    """
    Stops every topic of these classes, on one channel or on all, also where they have no address yet.

    What the law makes us write goes on. What is stopped already keeps its date, so doing it again writes nothing.
    """
    session, now = db.session(), utc_now()
    ledger = hold_ledger(session, client_id)
    client_id = ledger.client_id
    points = {
        row.id: row.channel for row in session.scalars(select(ContactPoint).where(ContactPoint.client_id == client_id))
    }
    channels = [channel] if channel else [str(one) for one in Channel]
    topics = session.scalars(select(Topic).where(Topic.topic_class.in_(classes)).order_by(Topic.key)).all()
    stopped = {
        place for place, there in ledger.now.items() if there.state is Standing.WITHDRAWN and not there.pending_id
    }
    said = [
        Said(
            client_id, topic, there, Happening.WITHDRAWN, method, now, evidence,
            contact_point_id=contact_point_id if contact_point_id and points.get(contact_point_id) == there else None,
            origin=origin or NOWHERE,
        )
        for topic in topics
        for there in channels
        if (topic.id, there) not in stopped
    ]  # fmt: skip
    return append(session, {client_id: ledger}, said, actor)
