"""Looks at messages. Each is an entry of the audit log that has to be committed before anything is shown."""

from collections.abc import Sequence
from typing import Protocol

from portal.audit.operations import AccessType, record_read
from portal.messages.events import MessageAction
from portal.messages.models import CapturedEmail, CapturedSms, Message
from portal.web.actor import Actor


class Line(Protocol):
    """One line of a list that shows whom a message was for."""

    @property
    def message(self) -> Message: ...


def note_list_viewed(lines: Sequence[Line], actor: Actor) -> None:
    """Notes a look at a masked list, naming every client on it."""
    clients = dict.fromkeys(line.message.client_id for line in lines)
    record_read(
        MessageAction.LIST_VIEW,
        actor,
        subject_refs=list(clients),
        purpose="work on a list of messages, masked",
        object_type="message",
    )


def note_viewed(message: Message, actor: Actor) -> None:
    """Notes a look at the page of one message, where the client is masked."""
    record_read(
        MessageAction.VIEW,
        actor,
        subject_refs=[message.client_id],
        purpose="work on the page of a message, masked",
        object_type="message",
        object_id=message.id,
    )


def note_captured_read(email: CapturedEmail, message: Message, actor: Actor) -> None:
    """Notes that somebody read a caught email, which shows name and address in clear."""
    record_read(
        MessageAction.READ_CAPTURED,
        actor,
        subject_refs=[message.client_id],
        access_type=AccessType.DECRYPT,
        purpose="reading a caught email as the client would have",
        object_type="captured_email",
        object_id=email.id,
    )


def note_captured_sms_listed(listed: Sequence[CapturedSms], actor: Actor) -> None:
    """Notes a look at the masked list of caught SMS, naming every client on it."""
    clients = dict.fromkeys(sms.client_id for sms in listed if sms.client_id is not None)
    record_read(MessageAction.LIST_VIEW, actor, subject_refs=list(clients), object_type="captured_sms")


def note_captured_sms_read(sms: CapturedSms, actor: Actor) -> None:
    """Notes that somebody read a caught SMS, which shows the number and perhaps a code in clear."""
    record_read(
        MessageAction.READ_CAPTURED,
        actor,
        subject_refs=[] if sms.client_id is None else [sms.client_id],
        object_type="captured_sms",
        object_id=sms.id,
    )
