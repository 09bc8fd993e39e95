"""The page behind the link of a double opt-in: looking confirms nothing, because scanners look too; posting does."""

from flask import Response

from portal.consent.models import Method
from portal.consent.operations import confirm_consent
from portal.consent.queries import list_states
from portal.consent.rules import ConsentRefused
from portal.consent.rules.origin import Origin
from portal.db import transaction, utc_now
from portal.preferences.queries.subscription import Asked, find_asked
from portal.preferences.views.blueprint import bad_link, blueprint, page, recipient, spoken
from portal.preferences.views.unsubscribe import words_of
from portal.web.access import Permission, requires
from portal.web.forms import csrf
from portal.web.htmx import request

EVIDENCE = "Confirmed on the page of the link that was mailed to the address."


@blueprint.get("/c/<token>")
@requires(Permission.PUBLIC)
def ask_to_confirm(token: str) -> Response:
    """The question, with a button."""
    with transaction():
        asked = find_asked(token)
        waits = asked is not None and is_waiting(asked)
    if asked is None:
        return bad_link()
    return answer(token, asked, "ask" if waits else "late")


@blueprint.post("/c/<token>")
@requires(Permission.PUBLIC)
def confirm(token: str) -> Response:
    """Confirms; again, it says the same."""
    with transaction():
        asked = find_asked(token)
    if asked is None:
        return bad_link()
    try:
        with transaction():
            origin = Origin(user_agent=request.user_agent.string)
            confirm_consent(asked.event.id, Method.LINK, recipient(), evidence=EVIDENCE, origin=origin)
    except ConsentRefused:
        return answer(token, asked, "late")
    return answer(token, asked, "done")


csrf.exempt(confirm)


def is_waiting(asked: Asked) -> bool:
    """Whether the request can still be confirmed: nothing newer was said, and its time is not over."""
    place = asked.event.topic_id, asked.event.channel
    states = {(one.topic_id, one.channel): one for one in list_states(asked.event.client_id)}
    state = states.get(place)
    return bool(
        state
        and state.pending_id == asked.event.id
        and state.pending_until is not None
        and state.pending_until > utc_now()
    )


def answer(token: str, asked: Asked, stage: str) -> Response:
    """The page at this stage: ask, done or late."""
    language = spoken(asked.subscription.language)
    facts = {"words": words_of(asked.subscription, language), "wording": asked.wording, "token": token, "stage": stage}
    place = ("preferences.ask_to_confirm", {"token": token})
    return Response(page("preferences/confirm.html", language, place, **facts))
