"""Turning on topics by SMS: the person types the code that was sent to their number."""

import uuid
from collections.abc import Sequence

from flask import Response

from portal.clients.rules import mask_address
from portal.config.channels import Channel
from portal.db import transaction
from portal.preferences.operations.choices import confirm_by_code
from portal.preferences.queries.centre import Centre
from portal.preferences.rules.choices import Became, Changed, Wanted, read_wanted
from portal.preferences.rules.languages import Language
from portal.preferences.views.blueprint import bad_link, blueprint, page, recipient
from portal.preferences.views.showing import opened, person, shown
from portal.preferences.views.unsubscribe import MASKED
from portal.verification.models import Purpose
from portal.verification.operations import Target, check, start
from portal.verification.rules import CheckState, check_words
from portal.web.access import Permission, requires
from portal.web.forms import csrf
from portal.web.htmx import request

AGAIN = frozenset({CheckState.WRONG, CheckState.MALFORMED, CheckState.UNAVAILABLE})


def begin(token: str, found: Centre, language: Language, wanted: Wanted, changes: Sequence[Changed]) -> Response:
    """Sends the code and asks for it; where none can be sent, the settings say so. Everything else is saved already."""
    number = found.points[Channel.SMS].address or ""
    target = Target(Channel.SMS, number, Purpose.OPT_IN, found.client.id, language.code)
    started = start(target, recipient())
    if started.verification_id is None:
        others = [change for change in changes if change.became is not Became.CODE]
        with transaction():
            after, language = opened(token)
        return shown(token, after or found, language, changes=others, trouble=started.error)
    return code_page(token, found, language, wanted, started.verification_id, started.error)


@blueprint.post("/p/<token>/codes")
@requires(Permission.PUBLIC)
def prove(token: str) -> Response:
    """Turns on what was asked for, if the code is right; the code and the change stand or fall together."""
    with transaction():
        found, language = opened(token)
    verification_id = request.form.get("verification", type=uuid.UUID)
    if found is None or verification_id is None or Channel.SMS not in found.points:
        return bad_link()
    wanted = read_wanted(*(request.form.getlist(name) for name in ("on", "on", "wording")))
    code, client_id, number = request.form.get("code", ""), found.client.id, found.points[Channel.SMS].address
    with transaction():
        checked = check(verification_id, code, recipient(), purpose=Purpose.OPT_IN, client_id=client_id, number=number)
        changes = confirm_by_code(found, wanted, verification_id, person()) if checked.confirmed else []
    words = check_words(checked, language.code)
    if checked.state in AGAIN:
        return code_page(token, found, language, wanted, verification_id, words, status=422)
    with transaction():
        after, language = opened(token)
    if checked.confirmed:
        return shown(token, after or found, language, done="saved", changes=changes)
    return shown(token, after or found, language, trouble=words)


csrf.exempt(prove)


def code_page(  # noqa: PLR0913, PLR0917 - everything the next post needs
    token: str,
    found: Centre,
    language: Language,
    wanted: Wanted,
    verification_id: uuid.UUID,
    problem: str,
    status: int = 200,
) -> Response:
    """The field for the code. What was asked for stands in the page: nothing is kept in a session."""
    topics = {row.topic.id for row in found.rows}
    facts = {
        "token": token,
        "number": MASKED.format(mask_address(found.points[Channel.SMS].address)),
        "verification_id": verification_id,
        "spots": sorted(f"{topic}:{channel}" for topic, channel in wanted.on if channel == Channel.SMS),
        "wordings": sorted(f"{topic}:{wording}" for topic, wording in wanted.wordings.items() if topic in topics),
        "problem": problem,
    }
    return Response(page("preferences/code.html", language, ("preferences.centre", {"token": token}), **facts), status)
