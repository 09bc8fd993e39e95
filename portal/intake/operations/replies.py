"""
Acting on a reply: STOP withdraws and suppresses at once, START lifts what an earlier STOP set and agrees to nothing.

No client is ever made here: a stranger's STOP, or that of somebody erased, only gets their address onto the
suppression list.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.clients.queries import find_by_address
from portal.consent.models import Method, SuppressionReason, SuppressionScope, TopicClass
from portal.consent.operations import lift_by_person, suppress, withdraw_everything
from portal.crypto.blind_index import NotAnAddress
from portal.db import db, utc_now
from portal.intake.rules import Meaning, address_of, read_reply
from portal.settings.queries import value
from portal.settings.rules.opt_outs import REPLY_STOPS_ALL
from portal.web.actor import Actor, ActorKind

REPLY = "stop reply"
# What START ends: our own block after a STOP, and what Twilio (21610) told us about the same STOP.
ENDED_BY_START = (REPLY, "21610")
# One text without advertising is presumed fine within five minutes (47 CFR 64.1200(a)(12)).
CONFIRM_WITHIN = timedelta(minutes=5)
SENDER = Actor(ActorKind.CLIENT, "Sender of a reply")
LONGEST_PROOF = 200


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That one text may say the stop was understood: without advertising, without a link, and until when."""

    client_id: uuid.UUID
    channel: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one reply. Where the meaning is unclear or other, nothing was changed."""

    meaning: Meaning
    client_id: uuid.UUID | None = None
    withdrawn: int = 0
    suppressed: bool = False
    lifted: int = 0
    confirmation: Confirmation | None = None


def receive_reply(  # noqa: PLR0913 - what a provider tells of a reply; each part is named at the call
    channel: str,
    sender: str,
    text: str,
    at: datetime,
    *,
    actor: Actor = SENDER,
    reference: str = "",
    told: Meaning | None = None,
) -> Outcome:
    """
    Does what the reply asks for; the same reply again changes nothing and confirms nothing.

    `told` is what the provider itself made of it, which wins and means that it confirms too. `reference` is the
    provider's id of the reply, kept as evidence.
    """
    meaning = told or read_reply(text)
    address = address_of(channel, sender)
    if meaning is Meaning.STOP:
        proof = f"Reply {reference} of {at:%Y-%m-%d %H:%M} UTC: {text[:LONGEST_PROOF]}"
        return _stop(channel, address, proof, actor, None if told else at + CONFIRM_WITHIN)
    client = find_by_address(channel, address)
    lifted = _start(channel, address, actor) if meaning is Meaning.START else 0
    return Outcome(meaning, client.id if client else None, lifted=lifted)


def _stop(channel: str, address: str, proof: str, actor: Actor, confirm_until: datetime | None) -> Outcome:
    client = find_by_address(channel, address)
    client_id = client.id if client else None
    withdrawn = _withdraw_marketing(client_id, channel, proof, actor) if client_id else 0
    is_new = _suppress(channel, address, actor, client_id)
    confirmation = None
    if client_id and (withdrawn or is_new) and confirm_until and utc_now() < confirm_until:
        confirmation = Confirmation(client_id, channel, confirm_until)
    return Outcome(Meaning.STOP, client_id, withdrawn, is_new, confirmation=confirmation)


def _withdraw_marketing(client_id: uuid.UUID, channel: str, proof: str, actor: Actor) -> int:
    # Also what they were never asked about: a file may speak of it later, after START or for another number of theirs.
    facts: dict[str, Any] = {"channel": channel, "classes": (TopicClass.MARKETING,), "evidence": proof}
    return len(withdraw_everything(client_id, Method.SMS_KEYWORD, actor, **facts))


def _suppress(channel: str, address: str, actor: Actor, client_id: uuid.UUID | None) -> bool:
    scope = SuppressionScope.ALL if value(REPLY_STOPS_ALL) else SuppressionScope.MARKETING
    facts: dict[str, Any] = {"source": REPLY, "actor": actor, "client_id": client_id, "scope": scope}
    try:
        return suppress(db.session(), channel, address, SuppressionReason.OPTED_OUT, **facts)
    except NotAnAddress:
        # A sender that is no address, such as a short code or an identity without number, cannot be written to.
        return False


def _start(channel: str, address: str, actor: Actor) -> int:
    reasons = (SuppressionReason.OPTED_OUT,)
    facts: dict[str, Any] = {"reasons": reasons, "sources": ENDED_BY_START, "why": "the person answered START"}
    try:
        return lift_by_person(db.session(), channel, address, actor, **facts)
    except NotAnAddress:
        return 0
