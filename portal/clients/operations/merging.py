"""Two clients who are one person become one. The kept client takes over everything; the other is an empty shell."""

import json
import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import update

from portal.audit.operations import diff, record, snapshot
from portal.clients.events import ClientEvent
from portal.clients.models import Client, ClientPreference, ClientState, PointState, Source, ZoneSource
from portal.clients.operations.erasure import empty_client
from portal.clients.operations.points import held_client
from portal.clients.rules import client_number
from portal.clients.rules.merging import stricter, united_attributes
from portal.db import db
from portal.web.actor import Actor

Follower = Callable[[uuid.UUID, uuid.UUID, Actor], list[str]]


class MergeRefused(Exception):
    """These two clients cannot become one; the text says why."""


def merge_clients(kept_id: uuid.UUID, gone_id: uuid.UUID, followers: Sequence[Follower], actor: Actor) -> list[str]:
    """
    Moves everything of the one client to the other, in one transaction; says in sentences what moved.

    Followers move what higher features hold, before anything is emptied here; one that fails stops the whole merge.
    What forbids wins: the kept client is restricted when either was. Raises MergeRefused or ClientGone.
    """
    kept, gone = _held_pair(kept_id, gone_id)
    said = [sentence for follow in followers for sentence in follow(kept.id, gone.id, actor)]
    before, shell = snapshot(kept), snapshot(gone)
    moved = _move_points(kept, gone)
    _take_over(kept, gone)
    _unite_preferences(kept.id, gone.id)
    empty_client(gone)
    gone.merged_into_id = kept.id
    # Whoever was merged into the one that goes now leads to the kept one, so that no page leads in two steps.
    db.session.execute(update(Client).where(Client.merged_into_id == gone.id).values(merged_into_id=kept.id))
    db.session.flush()
    _note(ClientEvent.MERGED, kept, before, f"took over {client_number(gone.number)}", actor)
    _note(ClientEvent.MERGED_AWAY, gone, shell, f"went into {client_number(kept.number)}", actor)
    return [moved, *said]


def _held_pair(kept_id: uuid.UUID, gone_id: uuid.UUID) -> tuple[Client, Client]:
    if kept_id == gone_id:
        raise MergeRefused("This is the same client. Choose another one.")
    # Always in the same order, so that two merges of the same pair wait for each other.
    held = {client_id: held_client(client_id) for client_id in sorted((kept_id, gone_id))}
    kept, gone = held[kept_id], held[gone_id]
    if (kept.source == Source.DEMO) != (gone.source == Source.DEMO):
        raise MergeRefused("One of them belongs to the demo, which can be removed at any time.")
    return kept, gone


def _move_points(kept: Client, gone: Client) -> str:
    points = list(gone.contact_points)
    for point in points:
        gone.contact_points.remove(point)
        kept.contact_points.append(point)
    number = len([point for point in points if point.state != PointState.ERASED])
    return f"{number} contact point{'' if number == 1 else 's'} moved"


def _take_over(kept: Client, gone: Client) -> None:
    if ClientState.RESTRICTED in {kept.state, gone.state}:
        kept.state = ClientState.RESTRICTED
    if kept.time_zone_source == ZoneSource.UNKNOWN:
        kept.time_zone, kept.time_zone_source = gone.time_zone, gone.time_zone_source
    kept.country = kept.country or gone.country
    kept.owner_id = kept.owner_id or gone.owner_id
    kept.department = kept.department or gone.department
    united = united_attributes(kept.attributes, gone.attributes)
    if united != kept.attributes:
        kept.attributes_json = json.dumps(united, ensure_ascii=False)


def _unite_preferences(kept_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    kept, gone = (db.session.get(ClientPreference, one) for one in (kept_id, gone_id))
    if gone is None:
        return
    if kept is None:
        kept = ClientPreference(client_id=kept_id, channel_order=gone.channel_order, frequency=gone.frequency)
        db.session.add(kept)
    if kept.contact_from is None:
        kept.contact_from, kept.contact_until = gone.contact_from, gone.contact_until
    kept.frequency = stricter(kept.frequency, gone.frequency)


def _note(event: ClientEvent, client: Client, before: dict[str, object], reason: str, actor: Actor) -> None:
    record(
        event,
        actor,
        object_type="client",
        object_id=client.id,
        subject_ref=client.id,
        reason=reason,
        changes=diff(client, before),
    )
