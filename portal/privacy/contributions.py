"""What requests show elsewhere: what waits for an answer on the home page, and their lines on a client's timeline."""

import uuid

from flask import Flask, url_for

from portal.privacy.models import PrivacyRequest, RequestKind
from portal.privacy.operations import move_requests
from portal.privacy.queries import list_open_requests, list_requests_of
from portal.privacy.rules import Clock
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.staff.models import Role
from portal.web.actor import Actor
from portal.web.slots import CLIENT_MERGED, CLIENT_TIMELINE, HOME_ATTENTION, Attention, TimelineEntry

SHOWN = 10
WHAT = {RequestKind.ACCESS: "their data", RequestKind.ERASURE: "the erasure of their data"}


def fill(app: Flask) -> None:
    """Fills the slots."""
    HOME_ATTENTION.fill(app, attention)
    CLIENT_MERGED.fill(app, move_requests)
    CLIENT_TIMELINE.fill(app, timeline)


def attention(actor: Actor) -> list[Attention]:
    """One line for each request that waits, for those who answer them."""
    if Role.COMPLIANCE_OFFICER not in actor.roles:
        return []
    # Only the months are counted here, which need no holidays: the day to work towards is before any of them matters.
    clock = Clock(value(organisation.TIME_ZONE), "")
    return [waiting(asked, clock) for asked in list_open_requests(SHOWN)]


def waiting(asked: PrivacyRequest, clock: Clock) -> Attention:
    """One request, with the day to work towards."""
    target = clock.target_on(asked.received_at)
    return Attention(
        "warn",
        "users",
        f"A client asks for {WHAT[RequestKind(asked.kind)]}",
        f"Prove first that it was really them: a link can be passed on. Work towards {target:%-d %B %Y}; "
        "the law gives one month.",
        url_for("clients.show", client_id=asked.client_id),
        "Open the client",
        due=clock.ends_at(target),
    )


def timeline(client_id: uuid.UUID, limit: int) -> list[TimelineEntry]:
    """What the client asked."""
    return [
        TimelineEntry(
            asked.received_at,
            "request",
            "users",
            f"Asked for {WHAT[RequestKind(asked.kind)]}: not proved yet",
            look="warn",
        )
        for asked in list_requests_of(client_id, limit)
    ]
