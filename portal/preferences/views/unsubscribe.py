"""
The page behind an unsubscribe link (RFC 8058): looking changes nothing, posting stops the topic.

Mail programs post on their own, so a post needs no cookie and no CSRF token: the link is the proof, and all it can do
is stop messages. The answer is never a redirect.
"""

from typing import Any

from flask import Response
from markupsafe import Markup

from portal.clients.rules import mask_address
from portal.consent.models import Method
from portal.consent.operations import withdraw
from portal.consent.rules.origin import Origin
from portal.db import transaction
from portal.preferences.operations.mails import order_link
from portal.preferences.operations.undo import find_undoable, undo
from portal.preferences.queries.subscription import Subscription, find_shown, find_subscription
from portal.preferences.rules.languages import Language
from portal.preferences.views.blueprint import bad_link, blueprint, page, recipient, spoken, zone_of
from portal.web.access import Permission, requires
from portal.web.forms import csrf
from portal.web.htmx import request

MASKED = Markup('<span class="mask">{}</span>')
STRONG = Markup("<strong>{}</strong>")


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
    place, origin = (point.client_id, topic.id, point.channel), Origin(user_agent=request.user_agent.string)
    with transaction():
        withdraw(*place, method, recipient(), contact_point_id=point.id, origin=origin)
    return answer(token, subscription)


@blueprint.post("/u/<token>/undo")
@requires(Permission.PUBLIC)
def take_back(token: str) -> Response:
    """Brings back what this very link has just ended; where it cannot, the page says how things stand."""
    with transaction():
        subscription = find_subscription(token)
    if subscription is None:
        return bad_link()
    with transaction():
        undone = undo(subscription.client_id, subscription.topic, subscription.contact_point, recipient())
    return answer(token, subscription, undone=undone)


@blueprint.post("/u/<token>/links")
@requires(Permission.PUBLIC)
def send_settings(token: str) -> Response:
    """Mails a fresh link to the settings. This link is no such link, however old it is: it only ever stops."""
    with transaction():
        subscription = find_subscription(token)
    if subscription is None:
        return bad_link()
    language = spoken(subscription.language)
    with transaction():
        order_link(subscription.contact_point, language.code, recipient())
    return Response(page("preferences/link_sent.html", language, ("preferences.show", {"token": token})))


for view in (stop, take_back, send_settings):
    csrf.exempt(view)


def answer(token: str, subscription: Subscription, *, undone: bool = False) -> Response:
    """The page as things stand now."""
    # The connection goes back before the page is made: settings are read over one of their own, and a crowd of
    # scanners that each held one while waiting for a second would stand still.
    with transaction():
        shown = find_shown(subscription)
        point, topic = subscription.contact_point, subscription.topic
        may_undo = find_undoable(subscription.client_id, topic, point.channel) is not None
    language = spoken(subscription.language)
    facts = {
        "shown": shown,
        "may_undo": may_undo,
        "undone": undone,
        "token": token,
        "words": words_of(subscription, language),
        "moment": language.moment(shown.stopped_since, zone_of(subscription.zone)) if shown.stopped_since else "",
    }
    return Response(page("preferences/unsubscribe.html", language, ("preferences.show", {"token": token}), **facts))


def words_of(subscription: Subscription, language: Language) -> dict[str, Any]:
    """What the sentences of these pages are filled with: topic, channel and masked address."""
    point = subscription.contact_point
    address = MASKED.format(mask_address(point.address)) if point.address else language.say("unsubscribe.this_address")
    channel = language.texts[f"by.{point.channel}"]
    return {"topic": STRONG.format(subscription.topic.name), "channel": channel, "address": address}
