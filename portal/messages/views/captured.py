"""The capture outbox: what people would have received, had it left. Opening one is a look at personal data."""

import uuid

from flask import Response, abort

from portal.db import db, transaction
from portal.messages.operations.reading import note_captured_read, note_list_viewed
from portal.messages.queries import find_captured, list_captured
from portal.messages.queries.captured import Caught
from portal.messages.rules.caught import read_mail
from portal.messages.views.blueprint import blueprint
from portal.messages.views.listing import PAGE, ends
from portal.web.access import Permission, current_actor, requires
from portal.web.frames import framed
from portal.web.htmx import request
from portal.web.pages import render


@blueprint.get("/captured")
@requires(Permission.MESSAGE_VIEW)
def captured() -> str:
    """Caught emails, masked, the newest first."""
    below, above = request.args.get("below", type=uuid.UUID), request.args.get("above", type=uuid.UUID)
    found = list_captured(db.session(), below=below, above=above, limit=PAGE + 1)
    listed = found[-PAGE:] if above else found[:PAGE]
    with transaction():
        note_list_viewed(listed, current_actor())
    pages = ends([caught.email.id for caught in found], below=below, above=above)
    return render("messages/captured.html", listed=listed, **pages)


@blueprint.get("/captured/<uuid:captured_id>")
@requires(Permission.MESSAGE_READ)
def show_captured(captured_id: uuid.UUID) -> str:
    """One email as its person would have received it, once the look is in the log."""
    caught = opened(captured_id)
    return render("messages/captured_email.html", caught=caught, mail=read_mail(caught.email.raw))


@blueprint.get("/captured/<uuid:captured_id>/email")
@requires(Permission.MESSAGE_READ)
def captured_email(captured_id: uuid.UUID) -> Response:
    """Its HTML part, for the frame; also a look."""
    return framed(read_mail(opened(captured_id).email.raw).html)


def opened(captured_id: uuid.UUID) -> Caught:
    """The email, after the look at it was committed to the log."""
    caught = find_captured(db.session(), captured_id) or abort(404)
    with transaction():
        note_captured_read(caught.email, caught.message, current_actor())
    return caught
