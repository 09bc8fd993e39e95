"""Asking for a fresh link to the settings: the same answer and the same work for every address, known or not."""

from flask import Response

from portal.clients.queries import index_of
from portal.clients.rules import NotMailable, mailable
from portal.crypto.blind_index import NotAnAddress
from portal.db import transaction
from portal.preferences.operations.links import TooMany, ask_for_link
from portal.preferences.views.blueprint import blueprint, busy, page, spoken, stranger
from portal.web.access import Permission, requires
from portal.web.forms import csrf
from portal.web.htmx import request

LONGEST = 320
HERE = ("preferences.ask", dict[str, str]())


@blueprint.get("/p")
@requires(Permission.PUBLIC)
def ask() -> str:
    """The form that asks for the address."""
    return page("preferences/bad_link.html", spoken(), HERE, problem="", is_bad=False)


@blueprint.post("/p")
@requires(Permission.PUBLIC)
def send_link() -> Response:
    """Notes the wish. Whose address it is, and whether it is anybody's, is looked up elsewhere and later."""
    language = spoken()
    try:
        address_index = index_of(mailable(request.form.get("address", "")[:LONGEST].replace("\0", "")))
    except (NotMailable, NotAnAddress):
        problem = language.say("bad.missing")
        return Response(page("preferences/bad_link.html", language, HERE, problem=problem, is_bad=False), 422)
    try:
        with transaction():
            ask_for_link(address_index, language.code, stranger())
    except TooMany:
        return busy(language)
    return Response(page("preferences/link_sent.html", language, HERE))


csrf.exempt(send_link)
