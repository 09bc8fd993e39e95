"""The capture outbox of SMS: what would have arrived on a phone. Opening one is a look at personal data."""

import uuid

from flask import abort

from portal.channels.sms.segments import size_of
from portal.db import db, transaction
from portal.messages.operations.reading import note_captured_sms_listed, note_captured_sms_read
from portal.messages.queries.captured_sms import find_captured_sms, list_captured_sms
from portal.messages.views.blueprint import blueprint
from portal.messages.views.listing import PAGE, ends
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import request
from portal.web.pages import render


@blueprint.get("/captured/sms")
@requires(Permission.MESSAGE_VIEW)
def list_sms() -> str:
    """Caught SMS, masked, the newest first."""
    below, above = request.args.get("below", type=uuid.UUID), request.args.get("above", type=uuid.UUID)
    found = list_captured_sms(db.session(), below=below, above=above, limit=PAGE + 1)
    listed = found[-PAGE:] if above else found[:PAGE]
    with transaction():
        note_captured_sms_listed([caught.sms for caught in listed], current_actor())
    pages = ends([caught.sms.id for caught in found], below=below, above=above)
    return render("messages/captured_sms.html", listed=listed, **pages)


@blueprint.get("/captured/sms/<uuid:captured_id>")
@requires(Permission.MESSAGE_READ)
def show_sms(captured_id: uuid.UUID) -> str:
    """One SMS as it would have stood on the phone, once the look is in the log."""
    caught = find_captured_sms(db.session(), captured_id) or abort(404)
    with transaction():
        note_captured_sms_read(caught.sms, current_actor())
    text = caught.sms.body
    return render("messages/one_captured_sms.html", caught=caught, text=text, size=size_of(text))
