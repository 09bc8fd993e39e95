"""
What every page for clients has: its language, its frame, its headers, and the one answer to every bad link.

No page sets a cookie, so none has a CSRF token: the link in the address is the proof, and whoever could forge a post
would have to know it. A page about no link at all changes nothing but that a mail goes to an address that we know.
"""

from typing import Any

from flask import Blueprint, Response, current_app, g

from portal.preferences.operations.tries import is_over
from portal.preferences.rules.languages import Language, language_for, languages
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.web.actor import Actor, ActorKind
from portal.web.htmx import request
from portal.web.pages import render, shell
from portal.web.slots import CONSENT_REQUESTED

blueprint = Blueprint("preferences", __name__)
QUARTER = "900"


def recipient() -> Actor:
    """Whoever holds the link. A signed-in colleague who opens it is a recipient here, so nobody is asked for."""
    return Actor(ActorKind.CLIENT, "Recipient by link", ip=request.remote_addr, request_id=g.get("request_id"))


def stranger() -> Actor:
    """Whoever asks for a link: nobody knows who it is."""
    return Actor(ActorKind.ANONYMOUS, "Anonymous", ip=request.remote_addr, request_id=g.get("request_id"))


def spoken(client_language: str | None = None) -> Language:
    """The language of this page: what it was switched to, the client's own, what the browser asks for."""
    # The browser's own order: a dialect counts as its language, also before another language it takes.
    accepted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return language_for(request.args.get("lang"), client_language, *accepted)


def page(template: str, language: Language, place: tuple[str, dict[str, Any]], **facts: Any) -> str:
    """A page with the postal address in its footer; the place is the address that the language switch leads to."""
    endpoint, values = place
    return render(
        template,
        t=language,
        say=language.say,
        language=language.code,
        languages=list(languages().values()),
        here=(endpoint, values),
        # A language that was chosen by hand stays chosen on the next page; there is no cookie to keep it in.
        kept={"lang": language.code} if request.args.get("lang") == language.code else {},
        postal_address=value(organisation.POSTAL_ADDRESS),
        **facts,
    )


def zone_of(client_zone: str) -> str:
    """The zone in which moments are said: the client's, or the organisation's where it is not known."""
    return client_zone if client_zone != "UTC" else shell().time_zone()


def bad_link() -> Response:
    """The same bytes for every link that is not ours or no longer counts, whatever is wrong with it."""
    language = spoken()
    if is_over(request.remote_addr or ""):
        return busy(language)
    body = page("preferences/bad_link.html", language, ("preferences.ask", {}), problem="", is_bad=True)
    return Response(body, 404)


def busy(language: Language) -> Response:
    """Too many tries from one network."""
    body = page("preferences/busy.html", language, ("preferences.ask", {}))
    return Response(body, 429, {"Retry-After": QUARTER})


def follow_request(event_id: Any, actor: Actor) -> None:
    """Tells whoever has to ask the person, in the transaction of the request: if that fails, nothing was requested."""
    for follower in CONSENT_REQUESTED.providers(current_app):
        follower(event_id, actor)


@blueprint.after_request
def say_nothing_elsewhere(response: Response) -> Response:
    """The link is in the address, so no other site and no search engine may learn it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Vary"] = "Accept-Language"
    return response
