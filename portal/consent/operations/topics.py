"""Making topics, opening and closing them, and adding the words by which people are asked."""

import hashlib
import re
import uuid
from dataclasses import asdict

from sqlalchemy import func, select

from portal.audit.operations import diff, record, snapshot
from portal.consent.events import ConsentAction
from portal.consent.models import LegalBasis, Topic, TopicClass, TopicState, TopicWording
from portal.consent.queries import find_topic_by_key
from portal.consent.rules.topics import BASES, TopicChange, TopicRefused, require_topic_change
from portal.db import db, new_id
from portal.web.actor import Actor

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_KEY = 60


def make_topic(
    name: str,
    topic_class: TopicClass,
    legal_basis: LegalBasis,
    actor: Actor,
    *,
    description: str = "",
    key: str = "",
) -> Topic:
    """A new open topic. Its key, made of its name unless given, is used by no other."""
    chosen = key or _key_of(name)
    if not KEY.fullmatch(chosen) or len(chosen) > LONGEST_KEY:
        raise TopicRefused("A short name has small letters, digits and single hyphens, at most 60.")
    if legal_basis not in BASES[topic_class]:
        raise TopicRefused("This kind of topic cannot rest on this basis.")
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"topic:{chosen}", 0))))
    if find_topic_by_key(chosen):
        raise TopicRefused(f"There is a topic with the short name {chosen} already.")
    topic = Topic(
        id=new_id(),
        key=chosen,
        name=name,
        description=description,
        topic_class=topic_class,
        legal_basis=legal_basis,
        state=TopicState.OPEN,
    )
    db.session.add(topic)
    db.session.flush()
    record(ConsentAction.MAKE_TOPIC, actor, object_type="topic", object_id=topic.id, changes=diff(topic, {}))
    return topic


def change_topic(topic: Topic, change: TopicChange, actor: Actor) -> None:
    """
    Changes what a topic says, whether people confirm it, and how often it may write; class and basis stay for good.

    What it says has a version of its own, which every event of the ledger keeps.
    """
    require_topic_change(topic.topic_class, topic.legal_basis, change)
    db.session.refresh(topic, with_for_update={"key_share": True})
    before = snapshot(topic)
    said = topic.name, topic.description, topic.double_opt_in
    for field, value in asdict(change).items():
        setattr(topic, field, value)
    topic.version += (topic.name, topic.description, topic.double_opt_in) != said
    if changes := diff(topic, before):
        record(ConsentAction.CHANGE_TOPIC, actor, object_type="topic", object_id=topic.id, changes=changes)


def change_topic_state(topic: Topic, state: TopicState, actor: Actor) -> None:
    """Closes a topic, so that nothing is sent on it any more, or opens it again. Consents stay as they are."""
    before = snapshot(topic)
    topic.state = state
    if changes := diff(topic, before):
        action = ConsentAction.CLOSE_TOPIC if state is TopicState.CLOSED else ConsentAction.OPEN_TOPIC
        record(action, actor, object_type="topic", object_id=topic.id, changes=changes)


def add_wording(topic_id: uuid.UUID, language: str, text: str, actor: Actor) -> TopicWording:
    """The next version of a topic's wording in a language; what people agreed to before keeps its own."""
    # Holds the topic, so that two at once get two versions.
    topic = db.session.get_one(Topic, topic_id, with_for_update={"key_share": True})
    same = (TopicWording.topic_id == topic.id) & (TopicWording.language == language)
    newest = db.session.scalar(select(func.max(TopicWording.version)).where(same)) or 0
    digest = hashlib.sha256(text.encode()).digest()
    if db.session.scalar(select(TopicWording.text_sha256).where(same, TopicWording.version == newest)) == digest:
        raise TopicRefused(f"This is word for word version {newest}. Change the text, or leave it as it is.")
    wording = TopicWording(
        id=new_id(),
        topic_id=topic.id,
        language=language,
        version=newest + 1,
        text=text,
        text_sha256=digest,
    )
    db.session.add(wording)
    db.session.flush()
    record(
        ConsentAction.ADD_WORDING,
        actor,
        object_type="topic_wording",
        object_id=wording.id,
        changes=diff(wording, {}),
    )
    return wording


def _key_of(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:LONGEST_KEY].strip("-")
