"""Taking the demo's consents and topics away. The database lets nobody delete the events of a real client."""

import uuid
from collections.abc import Collection

from sqlalchemy import delete, text

from portal.audit.operations import record
from portal.consent.events import ConsentAction
from portal.consent.models import Suppression, Topic, TopicWording
from portal.consent.rules.suppression import DEMO_SOURCE
from portal.db import db
from portal.web.actor import Actor


def remove_demo_consents(actor: Actor) -> int:
    """Deletes what clients of the demo agreed to; says how many events went. Run it before removing the clients."""
    db.session.flush()
    events = int(db.session.execute(text("SELECT heedful_remove_demo_consents()")).scalar_one())
    record(ConsentAction.REMOVE_DEMO, actor, object_type="consent_event", reason=f"{events} events of demo clients")
    return events


def remove_demo_suppressions(actor: Actor) -> int:
    """Takes the demo's entries off the suppression list; the database lets no other go like this. Says how many."""
    ours = delete(Suppression).where(Suppression.source == DEMO_SOURCE).returning(Suppression.id)
    gone = len(db.session.scalars(ours).all())
    record(ConsentAction.REMOVE_DEMO, actor, object_type="suppression", reason=f"{gone} entries of the demo")
    return gone


def remove_topics(topic_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Deletes topics with their wordings; the database refuses while anything refers to one of them."""
    db.session.execute(delete(TopicWording).where(TopicWording.topic_id.in_(topic_ids)))
    for topic_id in topic_ids:
        db.session.execute(delete(Topic).where(Topic.id == topic_id))
        record(ConsentAction.REMOVE_TOPIC, actor, object_type="topic", object_id=topic_id)
