"""Changing what is known of a client, how they want to be written to, and whether they are written to at all."""

import json
import uuid

from portal.audit.operations import Change, diff, record, snapshot
from portal.clients.events import ClientEvent
from portal.clients.models import Client, ClientPreference, ClientState, PointKind, PointState, ZoneSource
from portal.clients.operations.points import held_client
from portal.clients.rules import PreferenceChange, clean_name, derived_zone
from portal.clients.rules.attributes import with_lines
from portal.clients.rules.facts import ClientChange
from portal.clients.rules.wishes import require_wishes_hold
from portal.db import db
from portal.web.actor import Actor


class NothingToDo(Exception):
    """The client is in this state already; the text says so."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the client since the person looked; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this client meanwhile. Check what stands here now, then save again.")


def change_client(client_id: uuid.UUID, change: ClientChange, actor: Actor) -> Client:
    """
    The client as the change says. Nothing changed writes nothing.

    Raises NotAName, AttributeRefused, ChangedMeanwhile, or ClientGone for a client that was erased.
    """
    client = held_client(client_id)
    if change.seen and change.seen != client.updated_at.isoformat():
        raise ChangedMeanwhile
    before = snapshot(client)
    if change.full_name and clean_name(change.full_name) != client.full_name:
        client.full_name = clean_name(change.full_name)
    client.language, client.country = change.language, change.country or None
    client.owner_id, client.department = change.details.owner_id, change.details.department
    known = client.attributes
    after = with_lines(known, change.details.attributes)
    if after != known:
        client.attributes_json = json.dumps(after, ensure_ascii=False) if after else None
    _place(client, change)
    _note(ClientEvent.CHANGED, client, actor, diff(client, before))
    return client


def change_preferences(client_id: uuid.UUID, change: PreferenceChange, actor: Actor) -> ClientPreference:
    """
    How the client wants to be written to from now on, said by themselves or by staff for them.

    Raises WishRefused in a sentence, or ClientGone for a client that was erased.
    """
    require_wishes_hold(change)
    client = held_client(client_id)
    preference = db.session.get(ClientPreference, client_id)
    before = snapshot(preference) if preference else {}
    if preference is None:
        preference = ClientPreference(client_id=client_id)
        db.session.add(preference)
    preference.channel_order = [str(channel) for channel in change.channel_order]
    preference.contact_from, preference.contact_until = change.contact_from, change.contact_until
    preference.frequency = str(change.frequency)
    language = snapshot(client)
    client.language = change.language or client.language
    db.session.flush()
    _note(ClientEvent.PREFERENCES_CHANGED, client, actor, diff(preference, before) + diff(client, language))
    return preference


def restrict_client(client_id: uuid.UUID, reason: str, actor: Actor) -> Client:
    """Nothing is sent to the client while this stands (GDPR Art. 18); what waits is refused, not kept for later."""
    return _move(client_id, ClientState.ACTIVE, ClientState.RESTRICTED, ClientEvent.RESTRICTED, reason, actor)


def lift_restriction(client_id: uuid.UUID, reason: str, actor: Actor) -> Client:
    """The client may be written to again, where consent and suppression allow it."""
    return _move(client_id, ClientState.RESTRICTED, ClientState.ACTIVE, ClientEvent.RESTRICTION_LIFTED, reason, actor)


def _move(
    client_id: uuid.UUID, before: ClientState, after: ClientState, event: ClientEvent, reason: str, actor: Actor
) -> Client:
    client = held_client(client_id)
    if client.state != before:
        raise NothingToDo(f"The client is {client.state} already.")
    facts = snapshot(client)
    client.state = after
    _note(event, client, actor, diff(client, facts), reason)
    return client


def _place(client: Client, change: ClientChange) -> None:
    if not change.time_zone:
        points = [p for p in client.live_points if p.kind == PointKind.PHONE and p.state != PointState.RAW]
        zone, source = derived_zone(client.country, [point.address for point in points if point.address])
        client.time_zone, client.time_zone_source = zone, source
    elif change.time_zone != client.time_zone or client.time_zone_source == ZoneSource.UNKNOWN:
        client.time_zone, client.time_zone_source = change.time_zone, change.zone_source


def _note(event: ClientEvent, client: Client, actor: Actor, changes: tuple[Change, ...], reason: str = "") -> None:
    db.session.flush()
    if changes:
        record(
            event,
            actor,
            object_type="client",
            object_id=client.id,
            subject_ref=client.id,
            reason=reason,
            changes=changes,
        )
