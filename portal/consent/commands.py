"""`flask consent state`: where a client stood at a moment; 0 answered, 1 unknown client or broken ledger, 2 not."""

import getpass
import json
import sys
import uuid
from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from portal.audit.operations import AuditUnavailable
from portal.clients.models import Client
from portal.clients.queries import find_by_number, find_client
from portal.clients.rules import client_number, read_number
from portal.consent.operations import note_state_viewed
from portal.consent.queries import check_ledger, list_topics, state_at
from portal.consent.rules.standing import Now
from portal.crypto.errors import CryptoError
from portal.db import db, transaction, utc_now
from portal.web.actor import Actor, ActorKind

commands = AppGroup("consent", help="Says what clients agreed to.")


@commands.command("state")
@click.argument("client")
@click.option("--at", "moment", default="", help="ISO 8601, such as 2026-03-12T14:30+01:00. Without it: now.")
@click.option("--json", "as_json", is_flag=True, help="Answers in JSON.")
def state(client: str, moment: str, as_json: bool) -> None:
    """Where CLIENT (C-000123 or an id) stood at a moment, as the portal knew it then."""
    at = read_moment(moment)
    try:
        found = wanted(client)
        if found is None:
            click.echo(f"There is no client {client}.", err=True)
            sys.exit(1)
        with transaction():
            note_state_viewed(found.id, at, Actor(ActorKind.COMMAND, f"Command line, {getpass.getuser()}"))
        broken = check_ledger(db.session(), found.id)
        lines = places(found, at)
    except (AuditUnavailable, SQLAlchemyError, CryptoError):
        click.echo("The database or its keys do not answer as they should; see flask database verify.", err=True)
        sys.exit(2)
    for one in broken:
        click.echo(f"This ledger was changed. {one.text}", err=True)
    click.echo(json.dumps({"at": at.isoformat(), "places": lines}) if as_json else in_words(found, at, lines))
    sys.exit(1 if broken else 0)


def read_moment(text: str) -> datetime:
    """The moment that was typed; one without a zone is taken as UTC, and that is said."""
    try:
        at = datetime.fromisoformat(text) if text else utc_now()
    except ValueError:
        raise click.UsageError(f"{text} is no moment. Write it as 2026-03-12T14:30+01:00.") from None
    if at.tzinfo is None:
        click.echo("No zone was given, so the moment is taken as UTC.", err=True)
        at = at.replace(tzinfo=UTC)
    if at > utc_now():
        raise click.UsageError("Choose a moment that has passed.")
    return at.astimezone(UTC)


def wanted(text: str) -> Client | None:
    """The client of a number or an id."""
    number = read_number(text)
    if number is not None:
        return find_by_number(number)
    try:
        return find_client(uuid.UUID(text))
    except ValueError:
        return None


def places(client: Client, at: datetime) -> list[dict[str, str]]:
    """Each topic and channel the client had said anything about by then."""
    topics = {topic.id: topic for topic in list_topics()}
    stood = state_at(db.session(), client.id, at)
    lines = [line(topics[topic_id].key, channel, now) for (topic_id, channel), now in stood.items()]
    return sorted(lines, key=lambda one: (one["topic"], one["channel"]))


def line(topic: str, channel: str, now: Now) -> dict[str, str]:
    """One topic and channel, in plain words."""
    since = now.since.astimezone(UTC).isoformat(timespec="seconds")
    return {"topic": topic, "channel": channel, "state": str(now.state), "since": since, "event": str(now.event_id)}


def in_words(client: Client, at: datetime, lines: list[dict[str, str]]) -> str:
    """The answer for people."""
    head = f"{client_number(client.number)} at {at.isoformat(timespec='seconds')} (UTC), as the portal knew it then:"
    said = [f"  {one['topic']} by {one['channel']}: {one['state']} since {one['since']}" for one in lines]
    return "\n".join([head, *(said or ["  nothing was said yet"])])
