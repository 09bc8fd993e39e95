"""Joining the ledgers of two records of one person: what is stricter holds, and each event says where it comes from."""

import uuid

from sqlalchemy import select

from portal.consent.models import ConsentEvent, Happening, Method, Standing, Topic, TopicWording
from portal.consent.operations.append import Said, append
from portal.consent.operations.held import hold_ledgers
from portal.consent.rules.standing import Now, is_stricter, lapsed
from portal.db import db, utc_now
from portal.web.actor import Actor


def merge_consents(kept_id: uuid.UUID, gone_id: uuid.UUID, actor: Actor) -> list[ConsentEvent]:
    """
    Writes into the kept client's ledger what the other one's says more strictly; the other ledger stays as it is.

    Withdrawn before refused before ended before agreed before requested. So a no of either holds, and a consent is
    carried over only where the kept client said nothing else; it keeps its date, its wording and its address.
    """
    session, now = db.session(), utc_now()
    ledgers = hold_ledgers(session, [kept_id, gone_id])
    topics = {topic.id: topic for topic in session.scalars(select(Topic).order_by(Topic.id))}
    kept = {place: lapsed(there, now) for place, there in ledgers[kept_id].now.items()}
    said = []
    for (topic_id, channel), raw in sorted(ledgers[gone_id].now.items()):
        there = lapsed(raw, now)
        here = kept.get((topic_id, channel))
        if is_stricter(there.state, here.state if here else Standing.NONE):
            said.append(_carried(kept_id, topics[topic_id], channel, there))
    return append(session, ledgers, said, actor)


def _carried(kept_id: uuid.UUID, topic: Topic, channel: str, there: Now) -> Said:
    origin = db.session.get_one(ConsentEvent, there.event_id)
    return Said(
        kept_id,
        topic,
        channel,
        Happening.MERGED,
        Method.MERGE,
        there.since,
        wording=db.session.get(TopicWording, origin.wording_id) if origin.wording_id else None,
        contact_point_id=origin.contact_point_id,
        contact_point_hmac=origin.contact_point_hmac,
        refers_to_id=origin.id,
        carried=there.state,
        expires_at=there.pending_until if there.state is Standing.REQUESTED else there.expires_at,
    )
