"""
Whom a topic may reach on a channel, narrowed by the database alone: never stricter than the gate, sometimes looser.

It asks what plain columns know: state of client and address, topic, consent. The gate asks the rest when a message is
due, in the same order of rules. Suppression is not asked here: the list holds keyed hashes that only the application
can make, and a link from an entry to a contact point would lie as soon as an address moves or somebody is erased.
"""

import uuid
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.clients.models import Client, ClientState, ContactPoint, PointState
from portal.consent.models import ConsentState, LegalBasis, Standing, Topic, TopicState

Row = TypeVarTuple("Row")
NO = (Standing.WITHDRAWN, Standing.REFUSED)


def audience(topic_id: uuid.UUID, channel: str) -> Select[uuid.UUID, uuid.UUID]:
    """Client and address of everybody the gate could let through, each client once, by the oldest usable address."""
    point, older = ContactPoint, aliased(ContactPoint)
    has_older = select(older.id).where(_reaches(older, channel), older.client_id == point.client_id)
    here = and_(point.client_id == Client.id, _reaches(point, channel))
    chosen = select(Client.id, point.id).join(point, here)
    return _narrowed(chosen, topic_id, channel).where(~has_older.where(older.id < point.id).exists())


def count_audience(topic_id: uuid.UUID, channel: str) -> Select[int]:
    """How many they are: which of several addresses it would be does not matter for that."""
    has_point = select(ContactPoint.id).where(ContactPoint.client_id == Client.id, _reaches(ContactPoint, channel))
    counted = select(func.count()).select_from(Client)
    return _narrowed(counted, topic_id, channel).where(has_point.exists())


def _narrowed(query: Select[*Row], topic_id: uuid.UUID, channel: str) -> Select[*Row]:
    standing = and_(
        ConsentState.client_id == Client.id, ConsentState.topic_id == topic_id, ConsentState.channel == channel
    )
    return (
        query.outerjoin(ConsentState, standing)
        .join(Topic, Topic.id == topic_id)
        .where(Client.state == ClientState.ACTIVE, Topic.state == TopicState.OPEN)
        .where(or_(_agreed(), and_(Topic.legal_basis != LegalBasis.CONSENT, _said_nothing_against())))
    )


def _reaches(point: type[ContactPoint], channel: str) -> ColumnElement[bool]:
    return and_(point.channel == channel, point.state == PointState.USABLE)


def _agreed() -> ColumnElement[bool]:
    lasts = or_(ConsentState.expires_at.is_(None), ConsentState.expires_at > func.now())
    return and_(ConsentState.state == Standing.GRANTED, lasts)


def _said_nothing_against() -> ColumnElement[bool]:
    return or_(ConsentState.state.is_(None), ConsentState.state.not_in(NO))
