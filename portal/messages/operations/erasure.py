"""Takes a person out of the messages: nothing waits any more, no value stays; the figures do."""

import uuid
from collections.abc import Collection

from sqlalchemy import delete, select

from portal.audit.operations import record
from portal.db import db
from portal.messages.events import MessageAction
from portal.messages.models import CapturedEmail, CapturedSms, Message, MessageState
from portal.web.actor import Actor


def forget_messages(client_id: uuid.UUID, actor: Actor) -> tuple[int, int, int]:
    """How many messages were emptied, caught mails and caught SMS deleted. Doing it twice changes nothing more."""
    session = db.session()
    # Rows are locked in one order everywhere, so that this and a claim cannot wait for each other.
    mine = select(Message).where(Message.client_id == client_id).order_by(Message.id).with_for_update()
    rows = session.scalars(mine).all()
    caught = delete(CapturedEmail).where(CapturedEmail.message_id.in_([row.id for row in rows]))
    deleted = session.execute(caught.returning(CapturedEmail.id)).all()
    texts = delete(CapturedSms).where(CapturedSms.client_id == client_id).returning(CapturedSms.id)
    sms = session.execute(texts).all()
    emptied = [row for row in rows if row.fields is not None or row.state == MessageState.QUEUED]
    for row in emptied:
        row.fields = None
        row.provider_id = None
        if row.state == MessageState.QUEUED:
            row.state, row.reason = MessageState.CANCELLED, "client_erased"
    if emptied or deleted or sms:
        record(MessageAction.ERASE, actor, object_type="client", object_id=str(client_id), subject_ref=client_id)
    return len(emptied), len(deleted), len(sms)


def remove_messages(client_ids: Collection[uuid.UUID], actor: Actor) -> int:
    """Deletes every message to these clients with its attempts: for demo data alone. Says how many."""
    gone = delete(Message).where(Message.client_id.in_(client_ids)).returning(Message.id)
    removed = len(db.session.scalars(gone).all())
    db.session.execute(delete(CapturedSms).where(CapturedSms.client_id.in_(client_ids)))
    record(MessageAction.REMOVE, actor, object_type="message", reason=f"{removed} messages of demo clients")
    return removed
