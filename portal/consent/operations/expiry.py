"""What ends by itself: consents that were given for a time, and requests that nobody confirmed."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.consent.models import ConsentState, Happening, Method, Standing, Topic
from portal.consent.operations.append import Said, append_many
from portal.consent.operations.held import hold_ledgers
from portal.db import utc_now
from portal.web.actor import SYSTEM

CLIENTS_AT_ONCE = 500


def expire_due(session: Session) -> int:
    """
    Writes an end for each consent and request whose time is over, of some clients; says how many.

    The gate does not wait for it: from the moment itself a consent that has ended counts as ended.
    """
    now = utc_now()
    over = or_(
        (ConsentState.expires_at <= now) & (ConsentState.state == Standing.GRANTED), ConsentState.pending_until <= now
    )
    due = select(ConsentState.client_id).where(over).distinct().order_by(ConsentState.client_id)
    ledgers = hold_ledgers(session, session.scalars(due.limit(CLIENTS_AT_ONCE)).all())
    topics = {topic.id: topic for topic in session.scalars(select(Topic).order_by(Topic.id))}
    said = [
        Said(client_id, topics[topic_id], channel, Happening.EXPIRED, Method.SYSTEM, ended_at, refers_to_id=event_id)
        for client_id, ledger in ledgers.items()
        for (topic_id, channel), there in ledger.now.items()
        for event_id, ended_at in (
            (there.event_id if there.state is Standing.GRANTED else None, there.expires_at),
            (there.pending_id, there.pending_until),
        )
        if event_id is not None and ended_at is not None and ended_at <= now
    ]
    return len(append_many(session, ledgers, said, SYSTEM))
