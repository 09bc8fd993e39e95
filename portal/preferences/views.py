"""
The page behind an unsubscribe link (RFC 8058): looking changes nothing, posting stops the topic.

Mail programs post on their own, so a post needs no cookie and no CSRF token: the link is the proof, and all it can do
is stop messages. The answer is never a redirect.
"""

from typing import Any

from flask import Blueprint, Response, g

from portal.consent.models import Method
from portal.consent.operations import withdraw
from portal.consent.rules.words import channel_words
from portal.db import transaction
from portal.preferences.queries.subscription import Subscription, find_shown, find_subscription
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.web.access import Permission, requires
from portal.web.actor import Actor, ActorKind
from portal.web.forms import csrf
from portal.web.htmx import request
from portal.web.pages import render

blueprint = Blueprint("preferences", __name__)


@blueprint.get("/u/<token>")
@requires(Permission.PUBLIC)
def show(token: str) -> Response:
    """The question, with a button. Scanners of mail follow every link, so nothing changes here."""
    with transaction():
        subscription = find_subscription(token)
    return answer(token, subscription) if subscription else bad_link()


@blueprint.post("/u/<token>")
@requires(Permission.PUBLIC)
def stop(token: str) -> Response:
    """Stops the topic; again, it says the same."""
    with transaction():
        subscription = find_subscription(token)
    if subscription is None:
        return bad_link()
    by_program = request.form.get("List-Unsubscribe") == "One-Click"
    point, topic = subscription.contact_point, subscription.topic
    method = Method.ONE_CLICK if by_program else Method.LINK
    with transaction():
        withdraw(point.client_id, topic.id, point.channel, method, recipient(), contact_point_id=point.id)
    return answer(token, subscription)


csrf.exempt(stop)


def recipient() -> Actor:
    """Whoever holds the link. A signed-in colleague who opens it is a recipient here, so nobody is asked for."""
    return Actor(ActorKind.CLIENT, "Recipient by link", ip=request.remote_addr, request_id=g.get("request_id"))


def answer(token: str, subscription: Subscription) -> Response:
    """The page as things stand now."""
    facts = {"topic": subscription.topic, "address": subscription.contact_point.address or ""}
    channel = channel_words(subscription.contact_point.channel)
    # The connection goes back before the page is made: settings are read over one of their own, and a crowd of
    # scanners that each held one while waiting for a second would stand still.
    with transaction():
        shown = find_shown(subscription)
    return Response(page("preferences/unsubscribe.html", token=token, channel=channel, shown=shown, **facts))


def bad_link() -> Response:
    """The same bytes for every link that is not ours, whatever is wrong with it."""
    return Response(page("preferences/bad_link.html"), 404)


def page(template: str, **facts: Any) -> str:
    """A page with the postal address in its footer."""
    return render(template, postal_address=value(organisation.POSTAL_ADDRESS), **facts)


@blueprint.after_request
def say_nothing_elsewhere(response: Response) -> Response:
    """The link is in the address, so no other site and no search engine may learn it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
